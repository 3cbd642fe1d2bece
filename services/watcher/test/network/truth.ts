import type { EventLog } from '@pod-eip/event-log'
import { type Cluster, nodes, pods } from '@pod-eip/kube'
import { expect } from 'vitest'

/** What the log says of one Pod or Node, by its uid. */
interface Story {
  name: string
  seen: string[]
  ends: number
}

/**
 * Holds the log against the cluster: whatever lives there lives by the log, under its uid, and nothing else does;
 * nothing is told twice, and nothing after its end.
 */
export async function expectTruth(
  log: Pick<EventLog, 'read'>,
  cluster: Pick<Cluster, 'list'>,
): Promise<void> {
  const stories = new Map<string, Story>()
  for (const { type, data } of await log.read({ after: 0, limit: 10_000 })) {
    const uid = (data.podUid ?? data.nodeUid) as string | undefined
    if (uid === undefined) continue
    const story = stories.get(uid) ?? { name: String(data.claim ?? data.node), seen: [], ends: 0 }
    stories.set(uid, story)
    if (type === 'PodEnded' || type === 'NodeRemoved') story.ends += 1
    if (type === 'PodObserved' || type === 'NodeObserved') {
      expect(story.ends, `${story.name} is seen after its end`).toBe(0)
      expect(story.seen, `${story.name} is told twice`).not.toContain(data.resourceVersion)
      story.seen.push(data.resourceVersion as string)
    }
  }
  for (const { name, seen, ends } of stories.values()) {
    expect(ends, `${name} ends once`).toBeLessThanOrEqual(1)
    expect(seen.length, `${name} ends and was never seen`).toBeGreaterThan(0)
  }
  const living = [...stories].filter(([, { ends }]) => ends === 0).map(([uid, { name }]) => `${name} ${uid}`)
  const asking = (await cluster.list(pods)).items
    .filter(({ metadata }) => metadata.annotations?.['tke.cloud.tencent.com/eip-attributes'] !== undefined)
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name} ${metadata.uid}`)
  const there = (await cluster.list(nodes)).items.map(({ metadata }) => `${metadata.name} ${metadata.uid}`)
  expect(living.sort()).toEqual([...asking, ...there].sort())
}
