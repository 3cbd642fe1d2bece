import { type ObjectRef, splitClaimKey } from '@pod-eip/domain'
import type { SeenPod } from '../project/project-pod.ts'
import type { ClusterEvent } from '../record/cluster-event.ts'
import type { OwnerOf } from '../record/record-pods.ts'
import type { ObjectQuestions } from './ask-about-objects.ts'
import type { OwnerBook } from './owner-book.ts'
import type { OwnerChain, Top } from './owner-chain.ts'
import type { TellOwnerEnd } from './owner-end.ts'

/** Owners, as whoever records Pods and EIPClaims has to do with them. */
export interface OwnersSeen {
  /**
   * Records Pods together with their owners, and with the end of those owners that are gone already.
   * @param pods those about which something may be recorded
   * @param facts what there is to record, given who owns each of them
   */
  recordPods(pods: SeenPod[], facts: (ownerOf: OwnerOf) => ClusterEvent[]): Promise<ClusterEvent[]>
  /**
   * How it stands with an owner: `gone` when it is certainly not there any more, `going` while it waits for what it
   * owns to go before it (foreground deletion), `there` otherwise, also when nobody can tell.
   */
  stateOf(owner: ObjectRef, namespace: string): Promise<'there' | 'going' | 'gone'>
  /** The end of an owner that is gone; nothing when no claim belongs to it. */
  tellMissed(owner: ObjectRef): Promise<ClusterEvent[]>
}

export function createOwnersSeen(deps: {
  book: OwnerBook
  chain: OwnerChain
  questions: ObjectQuestions
  tellEnd: TellOwnerEnd
}): OwnersSeen {
  const { book, chain, questions, tellEnd } = deps

  async function tellMissed(owner: ObjectRef): Promise<ClusterEvent[]> {
    const resource = await questions.resourceOf(owner)
    return typeof resource === 'string' ? [] : tellEnd(owner.uid, resource, 'Missed')
  }

  /** The top above each Pod's controller, by the controller's uid. */
  async function topsOf(pods: SeenPod[]): Promise<Map<string, Top | null>> {
    const tops = new Map<string, Top | null>()
    for (const { controller, claim } of pods) {
      if (!controller || tops.has(controller.uid)) continue
      tops.set(controller.uid, await chain.top(controller, splitClaimKey(claim).namespace))
    }
    return tops
  }

  return {
    async recordPods(pods, factsOf) {
      const tops = await topsOf(pods)
      const facts = factsOf((seen, known) => {
        if (!seen.controller) return null
        const before = known?.controller?.uid === seen.controller.uid ? known.owner : null
        const top = tops.get(seen.controller.uid)
        // A chain that ends at a link that is gone says less than what was found out while it was there.
        return !top || top.vanished ? (before ?? top?.owner ?? null) : top.owner
      })
      book.follow(facts)
      for (const top of tops.values()) {
        if (!top?.vanished) continue
        const named = book.get(top.owner.uid)
        if (!named || named.claims.size === 0) continue
        if (await questions.isGone(named.ref, named.namespace)) facts.push(...(await tellMissed(named.ref)))
      }
      return facts
    },
    async stateOf(owner, namespace) {
      const object = await questions.look(owner, namespace)
      if (object === 'gone') return (await questions.isGone(owner, namespace)) ? 'gone' : 'there'
      if (typeof object === 'string') return 'there'
      const { deletionTimestamp, finalizers } = object.metadata
      return deletionTimestamp && finalizers?.includes(foregroundFinalizer) ? 'going' : 'there'
    },
    tellMissed,
  }
}

/** Kubernetes' garbage collector takes it off once what blocks the deletion has gone. */
const foregroundFinalizer = 'foregroundDeletion'
