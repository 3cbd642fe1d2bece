import { parseGoDuration } from '../duration.ts'
import { keepingPolicy } from './delete-policy.ts'
import { type EipAttributes, type Parsed, parseEipAttributes } from './eip-attributes.ts'
import type { PodRequest } from './pod-request.ts'

/** A request as it was understood: what the claim promises. */
export interface ClaimTerms {
  /** `auto`: an EIP is created for the claim and is ours to release. */
  source: 'auto'
  attributes: EipAttributes
  /** A static claim keeps its EIP after its Pod has ended. */
  static: boolean
  /** The Pod's own expiry in milliseconds; absent = the cluster's setting. 0 = never. */
  expiryMs?: number
}

/** The shortest expiry: TKE's own minimum. */
export const minExpiryMs = 5 * 60_000

/**
 * Understands a Pod's request. A delete policy other than `Never` means release, as TKE documents it.
 * The refusal is one sentence for the claim's condition.
 */
export function parseClaimTerms(request: PodRequest): Parsed<ClaimTerms> {
  if (request.idList !== undefined) {
    return {
      ok: false,
      message:
        'annotation eip-id-list names EIPs of yours, which this version does not bind; remove it and use eip-attributes to have one created.',
    }
  }
  const attributes = parseEipAttributes(request.attributes ?? '')
  if (!attributes.ok) return attributes
  const expiry = parseExpiry(request.claimExpiredDuration)
  if (!expiry.ok) return expiry
  return {
    ok: true,
    value: {
      source: 'auto',
      attributes: attributes.value,
      static: request.deletePolicy === keepingPolicy,
      ...(expiry.value !== null && { expiryMs: expiry.value }),
    },
  }
}

function parseExpiry(annotation: string | undefined): Parsed<number | null> {
  if (annotation === undefined || annotation.trim() === '') return { ok: true, value: null }
  const ms = parseGoDuration(annotation.slice(0, 100))
  if (ms === null || ms < 0 || (ms > 0 && ms < minExpiryMs)) {
    return {
      ok: false,
      message: `annotation claim-expired-duration is ${JSON.stringify(annotation.slice(0, 40))}; give a Go duration of at least 5m, such as 1h, or 0 for never.`,
    }
  }
  return { ok: true, value: ms }
}
