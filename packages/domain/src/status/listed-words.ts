import type { ClaimTerms } from '../annotations/claim-terms.ts'
import type { Claim } from '../claim/claim.ts'
import { presentWarnings } from '../claim/warnings.ts'
import type { EventData } from '../events/event.ts'
import type { ListSearch } from '../listing/search.ts'
import { refusedListingSentence } from '../listing/search.ts'
import { listedFits } from '../listing/seek.ts'
import { promiseOf } from './promise.ts'
import type { Why } from './why.ts'
import { nameOf, reasonWord, refusalSentence, sentence } from './words.ts'

/** What was understood, what of it does not count yet because the claim has another EIP still, and what is odd. */
export function understood(claim: Claim, terms: ClaimTerms): string {
  const warnings = presentWarnings(claim).map(({ message }) => `but ${message}`)
  const ends = [...notYet(claim), ...warnings].map((part) => `; ${withoutEnd(part)}`).join('')
  return `The request was understood: ${promiseOf(terms)}${ends}.`
}

function notYet(claim: Claim): string[] {
  const { address } = claim
  if (address?.source !== 'listed' || listedFits(claim, address)) return []
  return [`${nameOf(address)}, which is no longer asked for, stays until the Pod ends`]
}

/** An EIP of the list is looked for. */
export function lookingUp({ lookup }: ListSearch): Why {
  const which = lookup?.addressIds.join(', ') ?? 'what the list names'
  return {
    reason: 'Allocating',
    message: `Tencent Cloud is asked whether ${which} can be had; nothing has to be done.`,
  }
}

/** The claim's EIP was in somebody's hands when it was to be bound. */
export function looksAgain({ problem }: Claim, eip: string): Why {
  if (problem?.code) {
    return {
      reason: reasonWord(problem.code),
      message: refusalSentence(`${eip} could not be bound`, problem),
    }
  }
  return { reason: 'Allocating', message: `${eip} is looked at once more before it is bound.` }
}

/** The turn of fate that gives a claim one of the user's EIPs. */
export function choiceSentence(data: EventData['ListedAddressChosen']): string {
  const eip = nameOf({ id: data.addressId, publicIp: data.publicIp })
  const how =
    data.number === null
      ? 'the first of annotation eip-id-list that was free'
      : `entry ${data.number + 1} of annotation eip-id-list, by the Pod's number ${data.number}`
  const skipped =
    data.refused.length === 0 ? '' : `; passed over: ${withoutEnd(refusedListingSentence(data.refused))}`
  return sentence(`took ${eip}, ${how}${skipped}.`)
}

function withoutEnd(text: string): string {
  return text.replace(/\.$/, '')
}
