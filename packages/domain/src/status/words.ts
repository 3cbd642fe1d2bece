import type { ClaimTerms } from '../annotations/claim-terms.ts'
import type { Claim } from '../claim/claim.ts'
import { formatDuration } from '../duration.ts'
import type { ReclaimCause } from '../events/decisions.ts'
import { codeNote, generalTodo } from './reasons/codes.ts'

/** What stands in the way, in the cloud's words or ours. */
export interface Refusal {
  code: string
  message: string
  requestId: string
  /** When it is tried next, ISO 8601; empty when only a change helps. Told much more rarely than it is tried. */
  retryAt: string
  /** It is tried at least so often, in ms. */
  retryEveryMs?: number
  /** Tries between these two times. */
  tries?: number
  since?: string
  toldAt?: string
}

/** What the cloud says is cut here: a condition is read by people. */
const longestQuote = 300

/**
 * One sentence about a call that did not go: what, why, what to do, when it is tried again.
 * @param what the beginning, such as "No EIP could be allocated"
 */
export function refusalSentence(what: string, refusal: Refusal): string {
  const { code, message, requestId } = refusal
  const known = codeNote(code)
  const named = requestId === '' ? code : `${code}, RequestId ${requestId}`
  const again = whenAgain(refusal)
  if (requestId === '' && /[^.]\.$/.test(message)) {
    return `${what}: ${onOneLine(message).slice(0, -1)} (${named}); ${again}.`
  }
  const quote = JSON.stringify(onOneLine(message))
  const why = known ? `${known.why}: Tencent Cloud answered ${quote}` : `Tencent Cloud answered ${quote}`
  return `${what} because ${why} (${named}); ${known?.todo ?? generalTodo(code)}, ${again}.`
}

/** What becomes of a claim that the cloud would not let onto a full CVM; the end of a sentence. */
export function queuedSentence({ code, message, requestId }: Omit<Refusal, 'retryAt'>): string {
  const quote = JSON.stringify(onOneLine(message))
  return `the node's CVM has all the public addresses that it may have, Tencent Cloud answered ${quote} (${code}, RequestId ${requestId}); the claim waits in the node's queue.`
}

declare const wordOfCode: unique symbol
/** A code, of the cloud or of ours, as the reason of a condition. */
export type CodeReason = string & { readonly [wordOfCode]: true }

/**
 * When it is tried again. True for as long as it is shown: tries go on quietly, so that the time of the next one
 * would soon be one that has passed.
 */
function whenAgain({ retryAt, retryEveryMs = 0, tries = 0, since = '', toldAt = '' }: Refusal): string {
  if (retryAt === '') return 'a new Pod or new EIP annotations try again'
  const again = `again at least every ${formatDuration(retryEveryMs)}`
  return tries > 1 ? `tried ${tries} times from ${since} to ${toldAt} and ${again}` : `tried ${again}`
}

/** A code as the reason of a condition: CamelCase without dots. */
export function reasonWord(code: string): CodeReason {
  const word = code.replace(/[^A-Za-z0-9]/g, '').slice(0, 128)
  return (/^[A-Za-z]/.test(word) ? word : 'Unknown') as CodeReason
}

/** An EIP by both of its names. */
export function nameOf(address: { id: string; publicIp: string }): string {
  return address.publicIp === '' ? `EIP ${address.id}` : `EIP ${address.id} (${address.publicIp})`
}

/** Why an EIP is given back. */
export function causeOf(cause: ReclaimCause): string {
  switch (cause) {
    case 'RequestChanged':
      return 'its Pod asks for another one now'
    case 'RequestWithdrawn':
      return 'its Pod does not ask for an EIP any more'
    case 'PodEnded':
      return 'its Pod has ended'
    case 'ManualReclaim':
      return 'its EIPClaim was deleted'
    case 'Expired':
      return 'it was kept for as long as it should be'
    case 'AddressGone':
      return 'somebody released it in the cloud'
    case 'TakenByOthers':
      return 'somebody else bound it first, and another one of the list will do'
    case 'Surplus':
      return 'the cloud created more EIPs than it was asked for'
    case 'Teardown':
      return 'the whole cluster is torn down'
    case 'OwnerEnded':
      return "its Pod's workload was deleted"
  }
}

/** How long a claim's expiry is, as an EIPClaim's spec says it: a Go duration. */
export function expiryOf(terms: ClaimTerms): string | undefined {
  if (terms.expiryMs === undefined) return undefined
  return terms.expiryMs === 0 ? '0' : formatDuration(terms.expiryMs)
}

/** Until when a retained EIP is kept. */
export function keptUntil(until: string | null): string {
  return until === null ? 'without an end' : `until ${until}`
}

export function onOneLine(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return clean.length > longestQuote ? `${clean.slice(0, longestQuote - 3)}...` : clean
}

/** A sentence as it stands alone: on one line, its first letter large. */
export function sentence(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return clean.charAt(0).toUpperCase() + clean.slice(1)
}

/** The first of some things, and how many more there are. */
export function list(named: string[], total: number): string {
  const more = total > named.length ? ` and ${total - named.length} more` : ''
  return `${named.join(', ')}${more}`
}

/** Namespace and name as people write them. */
export function podName(claim: Claim): string {
  return claim.key.slice(claim.key.indexOf('/') + 1)
}
