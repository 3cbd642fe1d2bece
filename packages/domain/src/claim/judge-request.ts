import { parseClaimTerms } from '../annotations/claim-terms.ts'
import { samePodRequest } from '../annotations/pod-request.ts'
import { newEvent, splitClaimKey } from '../events/event.ts'
import type { Claim, ClaimPod } from './claim.ts'
import type { Decision } from './decision.ts'
import { warningsAbout } from './warnings.ts'

/** Why a Pod in its node's network gets no EIP. */
export const hostNetworkSentence =
  'The Pod uses hostNetwork and has no address of its own to bind an EIP to; remove hostNetwork or the EIP annotations.'

/** Judges a request once for each Pod and each wording of it. */
export function judgeRequest(claim: Claim, pod: ClaimPod | null): Decision | null {
  if (claim.phase === 'Released' || !pod?.request) return null
  const { judged } = claim
  const same = judged?.podUid === pod.uid && samePodRequest(judged.request, pod.request)
  // What was said when the cluster was to be torn down is no word about the request.
  if (same && judged.refusal?.reason !== 'ClusterTornDown') return null
  const about = { claim: claim.key, generation: claim.generation, podUid: pod.uid }
  if (pod.hostNetwork) {
    return newEvent('RequestRefused', {
      ...about,
      reason: 'HostNetwork',
      message: hostNetworkSentence,
    })
  }
  const { name } = splitClaimKey(claim.key)
  const terms = parseClaimTerms(pod.request, { name, controllerKind: pod.controller?.kind ?? null })
  if (!terms.ok) return newEvent('RequestRefused', { ...about, reason: 'Invalid', message: terms.message })
  const warnings = warningsAbout(claim, pod.request, terms.value)
  return newEvent('RequestAccepted', {
    ...about,
    terms: terms.value,
    ...(warnings.length > 0 && { warnings }),
  })
}
