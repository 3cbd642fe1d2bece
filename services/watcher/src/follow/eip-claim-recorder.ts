import { type InstallationMarks, splitClaimKey } from '@pod-eip/domain'
import { type Cluster, eipClaims, namespaces, pods } from '@pod-eip/kube'
import type { OwnersSeen } from '../owners/owners-seen.ts'
import { projectEipClaim, type SeenEipClaim } from '../project/project-eip-claim.ts'
import type { ClusterEvent } from '../record/cluster-event.ts'
import { newDeletions, type RecordedDeletions, recordDeletions } from '../record/record-eip-claims.ts'
import { type Insisting, insist } from './insist.ts'
import type { Recorder } from './recorder.ts'
import { wished } from './wished-deletions.ts'

/**
 * Records the deletion of our EIPClaim objects: the wish to have their EIPs given back. Whoever removes the whole
 * resource from the cluster does not wish that, although every object is deleted with it.
 */
export function createEipClaimRecorder(
  deps: {
    cluster: Pick<Cluster, 'get' | 'list'>
    owners: OwnersSeen
    marks: InstallationMarks
  } & Insisting,
): Recorder<SeenEipClaim> {
  const { cluster, owners, marks } = deps
  const recorded: RecordedDeletions = new Set()

  /** Those namespaces of the claims that are being deleted, or are gone already. */
  async function goingNamespaces(deletions: SeenEipClaim[]): Promise<Set<string>> {
    const going = new Set<string>()
    for (const name of new Set(deletions.map(({ claim }) => splitClaimKey(claim).namespace))) {
      const namespace = await insist(
        `ask whether namespace ${name} is being deleted`,
        () => cluster.get(namespaces, null, name),
        deps,
      )
      if (!namespace || namespace.metadata.deletionTimestamp !== undefined) going.add(name)
    }
    return going
  }

  /**
   * Those claims whose Pods are not there any more, or not for long. Pods are followed by another watch, which can be
   * behind this one: without this, a Pod that has gone would still be taken for alive.
   */
  async function goingPods(deletions: SeenEipClaim[]): Promise<Set<string>> {
    const going = new Set<string>()
    for (const { claim } of deletions) {
      const { namespace, name } = splitClaimKey(claim)
      const pod = await insist(`ask for the Pod of ${claim}`, () => cluster.get(pods, namespace, name), deps)
      if (!pod || pod.metadata.deletionTimestamp !== undefined) going.add(claim)
    }
    return going
  }

  /**
   * Those that Kubernetes deletes because every owner that they name has gone, or waits for them to go. An end is
   * told before: it is the reason.
   */
  async function collectedAmong(
    deletions: SeenEipClaim[],
  ): Promise<{ collected: Map<string, string>; ends: ClusterEvent[] }> {
    const collected = new Map<string, string>()
    const ends: ClusterEvent[] = []
    for (const { claim, uid, owners: named } of deletions) {
      const { namespace } = splitClaimKey(claim)
      const states = await Promise.all(named.map((owner) => owners.stateOf(owner, namespace)))
      if (named.length === 0 || states.includes('there')) continue
      collected.set(uid, named[0]!.uid)
      for (const [i, owner] of named.entries()) {
        if (states[i] === 'gone') ends.push(...(await owners.tellMissed(owner)))
      }
    }
    return { collected, ends }
  }

  async function record(seen: SeenEipClaim[]): Promise<ClusterEvent[]> {
    const deletions = await wished(newDeletions(recorded, seen), deps)
    if (deletions.length === 0) return []
    const { collected, ends } = await collectedAmong(deletions)
    const scene = {
      goingNamespaces: await goingNamespaces(deletions),
      goingPods: await goingPods(deletions),
      collected,
    }
    return [...ends, ...recordDeletions(recorded, deletions, scene)]
  }

  return {
    resource: eipClaims,
    // To be raised when projectEipClaim looks for more.
    view: `2 ${marks.domain}`,
    optional: false,
    project: (object) => projectEipClaim(object, marks),
    // The log knows a deletion by its key: nothing to load.
    load: async () => {},
    async list(list) {
      const shown = new Set(list.items.map((claim) => claim.uid))
      for (const uid of recorded) if (!shown.has(uid)) recorded.delete(uid)
      return record(list.items)
    },
    doubt: () => ({ until: 0, held: false }),
    async changes(changes) {
      const facts = await record(changes.filter((c) => c.type !== 'DELETED').map((c) => c.object))
      for (const { type, object } of changes) if (type === 'DELETED') recorded.delete(object.uid)
      return facts
    },
    known: () => recorded.size,
  }
}
