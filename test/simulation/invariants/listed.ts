import type { Claim } from '@pod-eip/domain'
import { heldBySomebody } from '../history/listed.ts'
import type { Stage } from '../stage/stage.ts'
import type { Invariant } from './invariant.ts'

/**
 * An EIP of the user's is never released, nobody else's binding of it is undone, and one claim has it at a time.
 * Whoever waits for one waits for a reason.
 */
export const listedEips: Invariant = {
  name: 'I4 listed EIPs',
  onCloudChange(entry, { stage, say }) {
    if (!stage.listedEips.includes(entry.addressId)) return
    if (entry.event.startsWith('release')) say('I4', `${entry.addressId} is listed: ${entry.event}`)
    const undone = entry.event === 'unbind-started' && entry.binding?.byInstance
    if (undone && entry.requestId !== null && !stage.somebodyActs()) {
      say('I4', `${entry.addressId} is listed and was unbound under somebody else`)
    }
  },
  onMoment({ plane, say }) {
    const { claims, listings } = plane.models.world
    for (const claim of claims.values()) {
      const { address, search, key } = claim
      if (address?.source === 'listed' && listings.get(address.id)?.holder?.claim !== key) {
        say(
          'I2',
          `${key} has ${address.id}, which is with ${listings.get(address.id)?.holder?.claim ?? 'nobody'}`,
        )
      }
      for (const id of search.awaited) {
        if (!listings.get(id)?.waiting.includes(key)) say('queue', `${key} waits for ${id}, unknown there`)
      }
    }
    for (const { id, holder, waiting } of listings.values()) {
      if (holder && claims.get(holder.claim)?.address?.id !== id) {
        say('queue', `${id} is with ${holder.claim}, which knows nothing of it`)
      }
      for (const key of waiting) {
        if (!claims.get(key)?.search.awaited.includes(id))
          say('queue', `${key} knows nothing of waiting for ${id}`)
      }
    }
  },
  atRest({ stage, addresses, say }) {
    for (const id of stage.listedEips) if (!addresses.has(id)) say('I4', `${id} is listed and gone`)
  },
}

/** Whether a Pod that is not bound waits as it must: for an EIP of its list that it cannot have now. */
export function waitsForListed(claim: Claim, stage: Stage, claims: Claim[]): boolean {
  const { problem, terms, judged } = claim
  if (judged?.refusal) return judged.refusal.reason === 'Invalid'
  if (terms?.source !== 'listed') return false
  const entries = terms.number === null ? terms.ids : terms.ids.slice(terms.number, terms.number + 1)
  if (entries.length === 0) return problem?.reason === 'BeyondList'
  const held = new Set(
    claims.flatMap(({ key, address }) => (address && key !== claim.key ? [address.id] : [])),
  )
  const taken = new Set([...held, ...heldBySomebody(stage)])
  const refused = new Set(claim.search.refused.map(({ addressId }) => addressId))
  const told = problem?.reason === 'ListedAddressTaken' || problem?.code === 'ListedAddressInUse'
  return told && entries.every((id) => taken.has(id) || refused.has(id) || !stage.listedEips.includes(id))
}
