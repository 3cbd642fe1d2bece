import { parseGoDuration } from '../duration.ts'
import { keepingPolicy } from './delete-policy.ts'
import { type EipAttributes, type Parsed, parseEipAttributes } from './eip-attributes.ts'
import { numberOfPod, parseEipIdList } from './eip-id-list.ts'
import type { PodRequest } from './pod-request.ts'
import { quote } from './quote.ts'

/** A request as it was understood: what the claim promises. */
export type ClaimTerms = AutoTerms | ListedTerms

interface CommonTerms {
  /** A static claim keeps its EIP after its Pod has ended. */
  static: boolean
  /** The Pod's own expiry in milliseconds; absent = the cluster's setting. 0 = never. */
  expiryMs?: number
}

/** An EIP is created for the claim and is ours to release. */
export interface AutoTerms extends CommonTerms {
  source: 'auto'
  attributes: EipAttributes
}

/** The Pod gets one of the user's EIPs, which is only ever bound and unbound. */
export interface ListedTerms extends CommonTerms {
  source: 'listed'
  /** EIPs in the order of the list. */
  ids: string[]
  /** Place of the Pod's entry in the list, from 0, by the number in its name; `null`: any that is free. */
  number: number | null
}

/** What of a Pod, besides its request, its terms depend on. */
export interface NamedPod {
  name: string
  /** Kind of its controller; `null` for a Pod on its own. */
  controllerKind: string | null
}

/** The longest that a Go duration can be is 2562047h47m: nearly 300 years. */
const maxExpiryMs = 2_562_047 * 3_600_000

/** The shortest expiry: TKE's own minimum. */
export const minExpiryMs = 5 * 60_000

/** No duration that anybody means has more characters. */
export const longestExpiry = 100

/**
 * Understands a Pod's request. A delete policy other than `Never` means release, as TKE documents it.
 * The refusal is one sentence for the claim's condition.
 */
export function parseClaimTerms(request: PodRequest, pod: NamedPod): Parsed<ClaimTerms> {
  const expiry = parseExpiry(request.claimExpiredDuration)
  const common = (): CommonTerms => ({
    static: request.deletePolicy === keepingPolicy,
    ...(expiry.ok && expiry.value !== null && { expiryMs: expiry.value }),
  })
  if (request.idList === undefined) {
    const attributes = parseEipAttributes(request.attributes ?? '')
    if (!attributes.ok) return attributes
    if (!expiry.ok) return expiry
    return { ok: true, value: { source: 'auto', attributes: attributes.value, ...common() } }
  }
  if (request.attributes !== undefined) return bothSources
  const ids = parseEipIdList(request.idList)
  if (!ids.ok) return ids
  if (!expiry.ok) return expiry
  const number = numberOfPod(pod.name, pod.controllerKind)
  return { ok: true, value: { source: 'listed', ids: ids.value, number, ...common() } }
}

const bothSources = {
  ok: false,
  message:
    'annotations eip-id-list and eip-attributes stand together, but an EIP of yours keeps the attributes that it has; remove eip-attributes to use the list, or eip-id-list to have an EIP created.',
} as const

function parseExpiry(annotation: string | undefined): Parsed<number | null> {
  if (annotation === undefined || annotation.trim() === '') return { ok: true, value: null }
  const ms = annotation.length > longestExpiry ? null : parseGoDuration(annotation)
  if (ms === null || ms < 0 || (ms > 0 && ms < minExpiryMs)) {
    return {
      ok: false,
      message: `annotation claim-expired-duration is ${quote(annotation)}; give a Go duration of at least 5m, such as 1h, or 0 for never.`,
    }
  }
  if (ms > maxExpiryMs) {
    return {
      ok: false,
      message: `annotation claim-expired-duration is ${quote(annotation)}, longer than a Go duration can be; give 0 to keep the EIP for ever.`,
    }
  }
  return { ok: true, value: ms }
}
