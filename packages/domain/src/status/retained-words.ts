import { type Claim, livePod } from '../claim/claim.ts'
import { placeWords, takenAdvice } from '../drift/words.ts'
import type { Why } from './why.ts'
import { keptUntil, nameOf, podName, reasonWord, refusalSentence } from './words.ts'

/** How long a kept EIP is kept, and what ends that sooner. */
export function retained(claim: Claim): Why {
  const { problem } = claim
  const eip = claim.address ? nameOf(claim.address) : 'The EIP'
  if (problem?.code) {
    return { reason: reasonWord(problem.code), message: refusalSentence(`${eip} is kept, unbound`, problem) }
  }
  if (claim.takenTo) {
    return {
      reason: reasonWord('AddressBoundElsewhere'),
      message: `${eip} is kept, but somebody has bound it to ${placeWords(claim.takenTo)} in the cloud; ${takenAdvice}.`,
    }
  }
  const until = `${keptUntil(claim.retained?.until ?? null)}${byWhat(claim)}`
  if (livePod(claim)) {
    return {
      reason: 'Retained',
      message: `${eip} is kept, unbound, for as long as Pod ${podName(claim)} is there and else ${until}.`,
    }
  }
  const sooner = claim.address?.source === 'listed' ? 'give it back' : 'release it'
  return {
    reason: 'Retained',
    message: `${eip} is kept ${until} for the next Pod named ${podName(claim)}; delete the EIPClaim to ${sooner} sooner.`,
  }
}

/** What a kept EIP whose Pod's annotations were refused is summed up as: what is wrong costs nobody the EIP. */
export function keptAlthough(kept: Why, refused: Why): Why {
  const wrong = refused.message.charAt(0).toLowerCase() + refused.message.slice(1)
  return { reason: refused.reason, message: `${kept.message.replace(/\.$/, '')}; but ${wrong}` }
}

/** Whose word counts where the Pod's own was refused, as the end of a clause. */
function byWhat({ judged, terms }: Claim): string {
  if (!judged?.refusal) return ''
  return terms?.expiryMs === undefined ? ' by the setting' : " by the Pod's last words that were understood"
}
