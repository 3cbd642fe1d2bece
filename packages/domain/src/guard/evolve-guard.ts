import { type Claim, livePod } from '../claim/claim.ts'
import type { DomainEvent } from '../events/event.ts'
import { type Guard, longestGuardWindowMs, minuteOf } from './guard.ts'

/** The claim that an event names, before and after the event was folded into it. */
export interface ClaimChange {
  before: Claim
  after: Claim
}

/** Folds one event into a guard, with what it did to the claim that it names. */
export function evolveGuard(guard: Guard, event: DomainEvent, change: ClaimChange | null): Guard {
  const next = told(change ? followed(guard, event, change) : guard, event)
  return next === guard ? guard : { ...next, position: event.position }
}

function told(guard: Guard, event: DomainEvent): Guard {
  switch (event.type) {
    case 'GuardClosed': {
      const { count, livePods, from, windowMs } = event.data
      return { ...guard, closed: { since: event.occurredAt, count, livePods, from, windowMs } }
    }
    case 'GuardConfirmed':
    case 'GuardDenied': {
      const { upTo, by } = event.data
      const kind = event.type === 'GuardConfirmed' ? ('confirmed' as const) : ('denied' as const)
      // What the operator confirmed counts no more. What was let go before he denied it was too much already.
      const counted = kind === 'confirmed' ? [] : guard.counted
      return { ...guard, counted, word: { kind, upTo, by, at: event.occurredAt } }
    }
    default:
      return guard
  }
}

function followed(guard: Guard, event: DomainEvent, change: ClaimChange): Guard {
  const counted = guard.name === 'absence' ? countMissed(guard, change) : countReleases(guard, event, change)
  return withHeld(withHeldEips(withLivePods(counted, change), change), event, change)
}

function withLivePods(guard: Guard, { before, after }: ClaimChange): Guard {
  const livePods = guard.livePods + Number(livePod(after) !== null) - Number(livePod(before) !== null)
  return livePods === guard.livePods ? guard : { ...guard, livePods }
}

function withHeldEips(guard: Guard, { before, after }: ClaimChange): Guard {
  const heldEips = guard.heldEips + Number(holdsEip(after)) - Number(holdsEip(before))
  return heldEips === guard.heldEips ? guard : { ...guard, heldEips }
}

/** An EIP that was created for the claim, until its release is decided. */
function holdsEip({ address, phase }: Claim): boolean {
  return address?.source === 'auto' && phase !== 'Releasing' && phase !== 'Released'
}

function countMissed(guard: Guard, { before, after }: ClaimChange): Guard {
  const was = missedAt(before)
  const is = missedAt(after)
  if (was === is) return guard
  // One that was let go and is found again was one too many all the same.
  const without = was !== null && holds(guard, before) ? count(guard, was, -1) : guard
  return is === null || after.phase === 'Released' ? without : count(without, is, 1)
}

/** When the claim's Pod was missed; `null` when it was not. */
function missedAt({ pod }: Claim): string | null {
  return pod?.ended?.reason === 'Missed' ? pod.ended.at : null
}

/** What an operator has confirmed does not count. */
function countReleases(guard: Guard, event: DomainEvent, { before }: ClaimChange): Guard {
  if (event.type !== 'ReleaseDecided' || before.hold?.confirmed) return guard
  return count(guard, event.occurredAt, 1)
}

function count(guard: Guard, time: string, change: 1 | -1): Guard {
  const minute = minuteOf(time)
  const known = guard.counted.some((entry) => entry.minute === minute)
  if (!known && change === -1) return guard
  const counted = known
    ? guard.counted.map((entry) =>
        entry.minute === minute ? { minute, count: entry.count + change } : entry,
      )
    : [...guard.counted, { minute, count: 1 }].sort((a, b) => (a.minute < b.minute ? -1 : 1))
  const newest = counted.at(-1)!.minute
  const oldest = new Date(Date.parse(newest) - longestGuardWindowMs).toISOString()
  return { ...guard, counted: counted.filter((entry) => entry.count > 0 && entry.minute >= oldest) }
}

/** A guard that holds nothing any more is open again. */
function withHeld(guard: Guard, event: DomainEvent, { before, after }: ClaimChange): Guard {
  const was = holds(guard, before)
  const is = holds(guard, after)
  if (was === is) return guard
  if (is) return { ...guard, held: [...guard.held, { claim: after.key, position: event.position }] }
  const held = guard.held.filter(({ claim }) => claim !== after.key)
  return { ...guard, held, closed: held.length === 0 ? null : guard.closed }
}

function holds(guard: Guard, { hold }: Claim): boolean {
  return hold !== null && hold.guard === guard.name && !hold.confirmed
}
