import type { Claim } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'
import type { ObjectCache } from './claim-object/object-cache.ts'
import type { ObjectPublisher } from './claim-object/publish-object.ts'
import type { EventPoster } from './kube-events/post-events.ts'
import type { NodePublisher } from './node/node-publisher.ts'
import type { PodMarker } from './pod/mark-pod.ts'
import type { Backlog } from './work-queue/backlog.ts'

export interface PublicationDeps {
  readModels: Pick<ReadModels, 'claim' | 'claims' | 'node' | 'nodes'>
  cache: ObjectCache
  objects: ObjectPublisher
  pods: PodMarker
  events: EventPoster
  nodes: NodePublisher
  backlog: Backlog
}

/** What is published, by stream of the log: `claim/<namespace>/<name>` or `node/<name>`. */
export interface Publication {
  /** Brings everything that shows a claim or a Node in line with the read models. Safe to repeat. */
  publish(stream: string): Promise<void>
  /** Streams that show something else than they should, by a comparison of everything. */
  outOfLine(): Promise<string[]>
}

export const claimStream = (key: string): string => `claim/${key}`
export const nodeStream = (name: string): string => `node/${name}`

export function createPublication(deps: PublicationDeps): Publication {
  const { readModels, cache, objects, pods, events, nodes, backlog } = deps

  async function publishClaim(key: string): Promise<void> {
    const untold = [...backlog.of(claimStream(key))]
    const claim = await readModels.claim(key)
    const open = isOpen(claim)
    if (open) await objects.publish(key, claim)
    if (claim) await pods.mark(claim)
    // An object that is about to go is told its end first, and one that has just come its beginning after.
    for (const event of untold) await events.post(key, event, claim, cache.get(key)?.uid ?? '')
    if (!open) await objects.publish(key, claim)
    const stray = open ? null : cache.get(key)
    if (stray && !stray.ours && !stray.deleting) await events.warnOfStray(key, stray.uid)
    if (untold.length > 0) backlog.done(claimStream(key), untold.at(-1)!.position)
  }

  async function publishNode(name: string): Promise<void> {
    const seen = backlog.of(nodeStream(name)).at(-1)
    await nodes.publish(await readModels.node(name))
    if (seen) backlog.done(nodeStream(name), seen.position)
  }

  return {
    publish: (stream) => {
      const slash = stream.indexOf('/')
      const key = stream.slice(slash + 1)
      return stream.slice(0, slash) === 'node' ? publishNode(key) : publishClaim(key)
    },
    async outOfLine() {
      const claims = await readModels.claims({ open: true })
      const open = new Set(claims.map((claim) => claim.key))
      const differing = claims.filter((claim) => objects.differs(claim.key, claim) || pods.differs(claim))
      const unexplained = cache.all().filter((seen) => !open.has(seen.key))
      const wrongNodes = (await readModels.nodes()).filter((node) => nodes.differs(node))
      return [
        ...differing.map((claim) => claimStream(claim.key)),
        ...unexplained.map((seen) => claimStream(seen.key)),
        ...wrongNodes.map((node) => nodeStream(node.name)),
      ]
    },
  }
}

function isOpen(claim: Claim | null): claim is Claim {
  return claim !== null && claim.phase !== 'Released'
}
