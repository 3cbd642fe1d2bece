import { newEvent, type ObjectRef, type OwnerEnd } from '@pod-eip/domain'
import type { Resource } from '@pod-eip/kube'
import type { ClusterEvent } from '../record/cluster-event.ts'
import type { OwnerBook } from './owner-book.ts'
import type { OwnerChain } from './owner-chain.ts'

/** Finds out what the end of an owner means, and writes it into the book. */
export type TellOwnerEnd = (uid: string, resource: Resource, reason: OwnerEnd) => Promise<ClusterEvent[]>

/**
 * What the end of an owner adds to the log: nothing unless claims belong to it. A claim whose controller still is
 * there and names another one above it by now, or nobody, has changed its owner before.
 */
export function createTellOwnerEnd({ book, chain }: { book: OwnerBook; chain: OwnerChain }): TellOwnerEnd {
  /** Who is above this controller now, when that is not the owner that has ended. */
  async function successor(
    controller: ObjectRef | null,
    ended: string,
    namespace: string,
  ): Promise<ObjectRef | null> {
    if (!controller || controller.uid === ended) return null
    const top = await chain.top(controller, namespace)
    return top && !top.vanished && top.owner.uid !== ended ? top.owner : null
  }

  return async (uid, resource, reason) => {
    chain.forget(uid)
    const known = book.get(uid)
    if (!known) return []
    const { ref, namespace } = known
    const facts: ClusterEvent[] = []
    for (const [claim, pod] of known.claims) {
      const owner = await successor(pod.controller, uid, namespace)
      if (owner) facts.push(newEvent('OwnerChanged', { claim, podUid: pod.uid, formerUid: uid, owner }))
    }
    const where = resource.namespaced ? namespace : null
    facts.push(newEvent('OwnerEnded', { owner: ref, namespace: where, reason }))
    book.follow(facts)
    return facts
  }
}
