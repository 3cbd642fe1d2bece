import type { DomainEvent } from '@pod-eip/domain'
import type { Invariant } from './invariant.ts'
import { settingsInForce } from './settings-in-force.ts'

/** What the log says of a claim's newest Pod. */
interface PodProof {
  uid: string
  resourceVersion: bigint
  privateIp: string | null
  end: { reason: string; listVersion: bigint | null; position: number } | null
  /** An operator has confirmed its end. */
  confirmed: boolean
}

/**
 * Every unbinding and release rests on an end that was recorded before it, and never on more Pods that were only
 * missed than the guard's share, without an operator's word. Read from the log with other eyes than the rules' own,
 * and from the cloud's ledger.
 */
export const proof: Invariant = {
  name: 'I8 proof',
  atRest({ events, written, ledger, plane, stage, say }) {
    const podOf = new Map<string, PodProof>()
    /** Claims of which a Pod has ended, or was replaced. */
    const podsEnded = new Set<string>()
    let missedGone: { claim: string; at: number }[] = []
    /** Position: what was missed before an operator confirmed what was held does not count any more. */
    let confirmedAt = 0

    function checkShare(claim: string, at: number): void {
      const guards = settingsInForce(plane, at).map(({ guard }) => guard)
      const windowMs = Math.min(...guards.map((guard) => guard.windowMs))
      missedGone = [
        ...missedGone.filter((m) => m.at > at - windowMs - 60_000 && m.claim !== claim),
        { claim, at },
      ]
      const live = [...podOf.values()].filter((pod) => !pod.end).length
      const missed = [...podOf.values()].filter((pod) => pod.end?.reason === 'Missed').length
      const outOf = live + Math.max(missed, missedGone.length)
      const most = Math.max(...guards.map((g) => Math.max(g.missedCount, g.missedShare * outOf)))
      if (missedGone.length > most) {
        say('I8', `${claim} went as number ${missedGone.length} of those that were only missed, ${most} may`)
      }
    }

    function checkDecision(event: DomainEvent<'UnbindingDecided' | 'ReleaseDecided'>): void {
      const { claim } = event.data
      const pod = podOf.get(claim)
      if (event.type === 'UnbindingDecided') {
        const { podUid, privateIp, cause } = event.data
        const moved = pod?.uid === podUid && pod.privateIp !== null && pod.privateIp !== privateIp
        const replaced = pod !== undefined && pod.uid !== podUid
        if (!pod?.end && !replaced && !moved)
          say('I8', `${claim} was unbound (${cause}) without a recorded end`)
      } else if (event.type === 'ReleaseDecided' && event.data.cause === 'PodEnded') {
        // A new Pod of the name may be there already: then the one before has ended.
        if (!pod?.end && !podsEnded.has(claim))
          say('I8', `${claim} was released without a recorded end of a Pod`)
      }
      const counts = pod?.end?.reason === 'Missed' && !pod.confirmed && pod.end.position > confirmedAt
      if (counts) checkShare(claim, Date.parse(event.occurredAt))
    }

    /** An order to tear the cluster down is the word that the guard would wait for. */
    let ordered = false
    for (const event of events) {
      if (event.type === 'TeardownOrdered') ordered = true
      if (event.type === 'TeardownCancelled') ordered = false
      if (event.type === 'UnbindingDecided' || event.type === 'ReleaseDecided') {
        if (!ordered) checkDecision(event)
      } else if (event.type === 'GuardConfirmed') {
        missedGone = []
        confirmedAt = event.position
      } else {
        if (event.type === 'PodEnded') podsEnded.add(event.data.claim)
        // It was not in a complete list of Pods.
        if (event.type === 'ClaimRecovered' && !event.data.pod) podsEnded.add(event.data.claim)
        followPod(podOf, event)
      }
    }

    const ours = new Set(
      written.flatMap((e) =>
        e.type === 'AllocationCompleted' ? e.data.addresses.map((a) => a.addressId) : [],
      ),
    )
    for (const entry of ledger) {
      const gives = entry.event === 'unbind-started' || entry.event === 'released'
      if (!gives || entry.requestId === null || !ours.has(entry.addressId)) continue
      if (stage.meddledWith.has(entry.addressId)) continue
      const orders = ordersOf(written, entry.addressId).filter(
        (o) => Date.parse(o.at) <= entry.at + plane.skewMs(),
      )
      if (!orders.some(({ gives }) => gives === entry.event)) {
        say(
          'I8',
          `${entry.addressId}: ${entry.event} at ${new Date(entry.at).toISOString()}, and nobody had decided it`,
        )
      }
    }
  },
}

/** A decision that takes an EIP from its place, or from the account, as the cloud's ledger calls that. */
interface Order {
  gives: 'unbind-started' | 'released'
  at: string
}

/**
 * What was decided about the EIP that takes it away. A binding that is called off ends with an unbinding, and each
 * but the first may begin with one: what an earlier one did late is undone.
 */
function ordersOf(events: DomainEvent[], addressId: string): Order[] {
  const bindings = new Set<string>()
  return events.flatMap((event): Order[] => {
    const { type, data, occurredAt: at } = event
    if (type === 'CancellationDecided' && bindings.has(data.intentId))
      return [{ gives: 'unbind-started', at }]
    if (!('addressId' in data) || data.addressId !== addressId) return []
    if (type === 'ReleaseDecided') return [{ gives: 'released', at }]
    if (type === 'UnbindingDecided') return [{ gives: 'unbind-started', at }]
    if (type !== 'BindingDecided') return []
    bindings.add(data.intentId)
    return bindings.size > 1 ? [{ gives: 'unbind-started', at }] : []
  })
}

function followPod(podOf: Map<string, PodProof>, event: DomainEvent): void {
  switch (event.type) {
    case 'PodObserved':
    case 'PodFoundAgain': {
      const { claim, podUid, privateIp } = event.data
      const resourceVersion = BigInt(event.data.resourceVersion)
      const known = podOf.get(claim)
      if (known && resourceVersion < known.resourceVersion) return
      if (known?.uid === podUid && known.end) {
        const missed = known.end.reason === 'Missed' && resourceVersion >= (known.end.listVersion ?? 0n)
        if (event.type === 'PodObserved' || !missed) return
      }
      podOf.set(claim, { uid: podUid, resourceVersion, privateIp, end: null, confirmed: false })
      return
    }
    case 'PodEnded': {
      const { claim, podUid, reason, listVersion } = event.data
      const known = podOf.get(claim)
      if (known?.uid !== podUid || (known.end && known.end.reason !== 'Missed')) return
      // A list says nothing beside what was seen, or was missing from a list, after it.
      const lastKnown = known.end?.listVersion ?? known.resourceVersion
      if (listVersion !== undefined && BigInt(listVersion) < lastKnown) return
      const version = listVersion === undefined ? null : BigInt(listVersion)
      podOf.set(claim, { ...known, end: { reason, listVersion: version, position: event.position } })
      return
    }
    // Its list of Pods was a complete one.
    case 'ClaimRecovered': {
      const { claim, pod } = event.data
      const end = { reason: 'NotListed', listVersion: null, position: event.position }
      const before = podOf.get(claim)
      // Whose end was seen does not live again.
      if (pod && before?.uid === pod.uid && before.end && before.end.reason !== 'Missed') return
      const known = { resourceVersion: 0n, confirmed: false }
      if (pod) podOf.set(claim, { ...known, uid: pod.uid, privateIp: pod.privateIp, end: null })
      else podOf.set(claim, { ...known, uid: '', privateIp: null, end })
      return
    }
    case 'HoldEnded': {
      const known = podOf.get(event.data.claim)
      if (!known) return
      const denied = event.data.outcome === 'Denied'
      podOf.set(event.data.claim, { ...known, end: denied ? null : known.end, confirmed: !denied })
      return
    }
    default:
      return
  }
}
