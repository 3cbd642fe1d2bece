import { type Claim, type ObjectRef, splitClaimKey } from '@pod-eip/domain'
import type { EventLog } from '@pod-eip/event-log'
import type { ReadModels } from '@pod-eip/read-models'
import { inPages } from '../follow/in-pages.ts'
import { loadBelief } from '../follow/load-belief.ts'
import type { ClusterEvent } from '../record/cluster-event.ts'

/** A workload that claims' Pods belong to and that has not ended, as far as the log knows. */
export interface KnownOwner {
  ref: ObjectRef
  /** That of its claims. */
  namespace: string
  claims: Map<string, OwnedPod>
}

/** The newest Pod of a claim. */
export interface OwnedPod {
  uid: string
  controller: ObjectRef | null
}

/** The owners whose end is waited for. */
export interface OwnerBook {
  /** Takes over what the log believes now. */
  load(): Promise<void>
  get(uid: string): KnownOwner | undefined
  all(): KnownOwner[]
  /** An owner that an event is about to name. */
  expect(ref: ObjectRef, namespace: string): void
  /** Follows events that are being recorded. */
  follow(facts: ClusterEvent[]): void
  /** Resolves when an owner comes that is not in the book, or the book is loaded. */
  grows(): Promise<void>
}

export function createOwnerBook(deps: {
  log: Pick<EventLog, 'read'>
  readModels: Pick<ReadModels, 'position' | 'claimsOfLivingOwners'>
}): OwnerBook {
  let belief = emptyBelief()
  /** Owners that are not in the log yet, so that loading does not lose them. */
  const expected = new Map<string, KnownOwner>()
  let growth = Promise.withResolvers<void>()

  function add(owner: KnownOwner): void {
    if (belief.owners.has(owner.ref.uid)) return
    belief.owners.set(owner.ref.uid, owner)
    growth.resolve()
  }

  return {
    async load() {
      const loaded = await loadBelief({
        ...deps,
        read: () => beliefOf(inPages((page) => deps.readModels.claimsOfLivingOwners(page))),
        types: ['PodObserved', 'OwnerChanged', 'OwnerEnded'],
        fold,
      })
      belief = loaded
      for (const uid of loaded.owners.keys()) expected.delete(uid)
      for (const owner of expected.values()) add(owner)
      growth.resolve()
    },
    get: (uid) => belief.owners.get(uid),
    all: () => [...belief.owners.values()],
    expect(ref, namespace) {
      if (belief.owners.has(ref.uid)) return
      const owner = { ref, namespace, claims: new Map() }
      expected.set(ref.uid, owner)
      add(owner)
    },
    follow(facts) {
      const before = belief.owners.size
      for (const fact of facts) {
        fold(belief, fact)
        if (fact.type === 'OwnerEnded') expected.delete(fact.data.owner.uid)
      }
      if (belief.owners.size > before) growth.resolve()
    },
    grows() {
      growth = Promise.withResolvers()
      return growth.promise
    },
  }
}

interface Belief {
  owners: Map<string, KnownOwner>
  /** Uid of each claim's owner. */
  ofClaim: Map<string, string>
}

function emptyBelief(): Belief {
  return { owners: new Map(), ofClaim: new Map() }
}

async function beliefOf(claims: AsyncIterable<Claim>): Promise<Belief> {
  const belief = emptyBelief()
  for await (const { key, owner, pod } of claims) {
    // One that was recovered without a Pod goes with its owner all the same.
    if (owner) put(belief, key, owner, { uid: pod?.uid ?? '', controller: pod?.controller ?? null })
  }
  return belief
}

/** Folds an event into the belief, in place. */
function fold(belief: Belief, { type, data }: ClusterEvent): void {
  switch (type) {
    case 'PodObserved':
      put(belief, data.claim, data.owner, { uid: data.podUid, controller: data.controller })
      return
    case 'OwnerChanged': {
      const former = belief.owners.get(belief.ofClaim.get(data.claim) ?? '')
      const pod = former?.claims.get(data.claim) ?? { uid: data.podUid, controller: null }
      put(belief, data.claim, data.owner, pod)
      return
    }
    case 'OwnerEnded':
      belief.owners.delete(data.owner.uid)
      return
    case 'PodEnded':
    case 'NodeObserved':
    case 'NodeRemoved':
    case 'EipClaimDeletionRequested':
      return
  }
}

function put(belief: Belief, claim: string, ref: ObjectRef | null, pod: OwnedPod): void {
  const former = belief.ofClaim.get(claim)
  if (former !== undefined && former !== ref?.uid) belief.owners.get(former)?.claims.delete(claim)
  if (!ref) {
    belief.ofClaim.delete(claim)
    return
  }
  belief.ofClaim.set(claim, ref.uid)
  const { namespace } = splitClaimKey(claim)
  const owner = belief.owners.get(ref.uid) ?? { ref, namespace, claims: new Map<string, OwnedPod>() }
  belief.owners.set(ref.uid, owner)
  owner.claims.set(claim, pod)
}
