import type { ClaimTerms } from '../annotations/claim-terms.ts'
import type { Claim } from './claim.ts'

/**
 * The terms that count once a request was accepted. What was bought stays as it is: the words of a later Pod do
 * not change an EIP that was created, nor do they give it back. A list counts at once; whether the EIP that the
 * claim has is still on it is seen when it is not bound.
 */
export function termsInForce(claim: Claim, asked: ClaimTerms): ClaimTerms {
  if (!isCreated(claim) || claim.terms?.source !== 'auto') return asked
  const { expiryMs } = asked
  return {
    source: 'auto',
    attributes: claim.terms.attributes,
    static: asked.static,
    ...(expiryMs !== undefined && { expiryMs }),
  }
}

/** Whether its EIP was created for the claim, or is about to be. */
export function isCreated(claim: Claim): boolean {
  return claim.address?.source === 'auto' || claim.intent?.action === 'allocate'
}
