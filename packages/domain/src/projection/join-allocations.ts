import { canonicalJson } from '../canonical-json.ts'
import { allocationSize } from '../claim/allocation.ts'
import type { NewDomainEvent } from '../events/event.ts'

/** A claim that is to be allocated for, and at most with how many others. */
export interface WaitingAllocation {
  decision: NewDomainEvent<'AllocationDecided'>
  atMost: number | null
}

export interface JoinedAllocations {
  /** In the order in which they are to be recorded; members of one allocation share its id. */
  decided: NewDomainEvent<'AllocationDecided'>[]
  /** Claims that wait for company. */
  held: string[]
}

/**
 * Joins claims of like attributes into allocations of up to `allocationSize`. With `hold` those that do not fill
 * one wait for company; those of an allocation that was split never do.
 */
export function joinAllocations(waiting: WaitingAllocation[], hold: boolean): JoinedAllocations {
  const alike = Map.groupBy(waiting, likeness)
  const joined: JoinedAllocations = { decided: [], held: [] }
  for (const group of alike.values()) {
    const atMost = group[0]!.atMost ?? allocationSize
    for (let from = 0; from < group.length; from += atMost) {
      const members = group.slice(from, from + atMost).map(({ decision }) => decision)
      const { intentId, allocationId } = members[0]!.data
      const waits = hold && group[0]!.atMost === null && members.length < allocationSize
      if (waits) joined.held.push(...members.map(({ data }) => data.claim))
      else {
        for (const { type, data } of members) {
          joined.decided.push({ type, data: { ...data, intentId, allocationId } })
        }
      }
    }
  }
  return joined
}

/** The same text for claims that one call can serve. */
function likeness({ decision, atMost }: WaitingAllocation): string {
  return canonicalJson([atMost, decision.data.attributes])
}
