import type { ClaimTerms } from '../annotations/claim-terms.ts'
import { misspeltPolicyWarning } from '../annotations/delete-policy.ts'
import type { PodRequest } from '../annotations/pod-request.ts'
import { reservedTagsWarning } from '../annotations/reserved-tags.ts'
import { unknownFieldsWarning } from '../annotations/unknown-fields.ts'
import { canonicalJson } from '../canonical-json.ts'
import type { Warning } from '../events/decisions.ts'
import { newEvent } from '../events/event.ts'
import { nameOf } from '../status/words.ts'
import type { Claim, ClaimPod } from './claim.ts'
import { livePod } from './claim.ts'
import type { Decision } from './decision.ts'
import { isCreated } from './terms-in-force.ts'

/**
 * What of an accepted request is surely not as it was meant.
 * @param asked the terms that the request asks for, whether or not they come into force
 */
export function warningsAbout(claim: Claim, request: PodRequest, asked: ClaimTerms): Warning[] {
  const found = [
    { reason: 'MisspeltDeletePolicy', message: misspeltPolicyWarning(request) },
    { reason: 'UnknownAttribute', message: unknownFieldsWarning(request) },
    { reason: 'ReservedTag', message: reservedTagsWarning(asked) },
    { reason: 'ChangeWithoutEffect', message: changeWithoutEffect(claim, asked) },
  ] as const
  return found.flatMap(({ reason, message }) => (message === null ? [] : [{ reason, message }]))
}

/** What there is to warn of now: of the accepted words of the live Pod, or of their removal. */
export function presentWarnings(claim: Claim): Warning[] {
  const pod = livePod(claim)
  const { judged } = claim
  if (!pod || judged?.podUid !== pod.uid || !judged.accepted) return []
  if (pod.request !== null) return judged.warnings
  const message = removalWithoutEffect(claim)
  return message === null ? [] : [{ reason: 'ChangeWithoutEffect', message }]
}

/** The next thing to tell a Pod: a warning that it was not told, or that one which it was told has become moot. */
export function tellWarnings(claim: Claim, pod: ClaimPod | null): Decision | null {
  const { judged, warned } = claim
  if (claim.phase === 'Released' || !pod || judged?.podUid !== pod.uid || !judged.accepted) return null
  const told = warned?.podUid === pod.uid ? warned.warnings : []
  const present = presentWarnings(claim)
  const about = { claim: claim.key, generation: claim.generation, podUid: pod.uid }
  const untold = present.find((warning) => !told.some(({ message }) => message === warning.message))
  if (untold) return newEvent('RequestWarned', { ...about, ...untold })
  const moot = told.find((warning) => !present.some(({ reason }) => reason === warning.reason))
  // A Pod that asks for nothing any more has put nothing right.
  return moot && pod.request ? newEvent('WarningCleared', { ...about, reason: moot.reason }) : null
}

/** What a Pod has been warned of, once it was warned of this: a reason stands there once. */
export function withWarning(
  { warned }: Claim,
  podUid: string,
  { reason, message }: Warning,
): Claim['warned'] {
  const before = warned?.podUid === podUid ? warned.warnings : []
  return { podUid, warnings: [...before.filter((warning) => warning.reason !== reason), { reason, message }] }
}

export function withoutWarning({ warned }: Claim, reason: Warning['reason']): Claim['warned'] {
  return warned && { ...warned, warnings: warned.warnings.filter((warning) => warning.reason !== reason) }
}

/** An EIP that was created stays as it was created, whatever the annotations say later. */
function changeWithoutEffect(claim: Claim, asked: ClaimTerms): string | null {
  const { terms } = claim
  if (!isCreated(claim) || terms?.source !== 'auto') return null
  if (asked.source === 'listed') {
    return `annotation eip-id-list counts once ${eipOf(claim)}, which was created for this claim, is given back; ${anew(asked)} for that.`
  }
  if (canonicalJson(asked.attributes) === canonicalJson(terms.attributes)) return null
  const stays = asked.static ? 'also for later Pods of the name' : 'until the Pod ends'
  return `annotation eip-attributes asks for something else than ${eipOf(claim)} was created with, and it stays as it is, ${stays}; ${anew(asked)} to get another one, or change it in Tencent Cloud's EIP console.`
}

function removalWithoutEffect(claim: Claim): string | null {
  const { address, terms } = claim
  if (!address || !terms) return null
  const kept = terms.static ? 'and is kept after it' : 'and is given back then'
  const sooner = terms.static ? 'delete the Pod and then the EIPClaim' : 'delete the Pod'
  return `the Pod's EIP annotations were removed: ${eipOf(claim)} stays until the Pod ends ${kept}; ${sooner} to give it back now, or write them again.`
}

function anew(asked: ClaimTerms): string {
  return asked.static
    ? 'end the Pod, delete its EIPClaim and start the Pod anew'
    : 'delete the Pod and start it anew'
}

function eipOf({ address }: Claim): string {
  return address ? nameOf(address) : 'the EIP'
}
