import { samePodRequest } from '../annotations/pod-request.ts'
import type { Teardown } from '../cluster/cluster-record.ts'
import { newEvent } from '../events/event.ts'
import type { Claim, ClaimPod } from './claim.ts'
import { type Decision, generationOf } from './decision.ts'

/**
 * What a Pod is told that asks for an EIP of a cluster that is torn down, once all that its claim had was given
 * back. Nothing is asked of the cloud for it.
 */
export function refuseTornDown(claim: Claim, pod: ClaimPod | null, teardown: Teardown): Decision | null {
  if (!pod?.request || claim.address || claim.binding || claim.intent || claim.reclaim) return null
  const { judged } = claim
  const told =
    judged?.podUid === pod.uid &&
    judged.refusal?.reason === 'ClusterTornDown' &&
    samePodRequest(judged.request, pod.request)
  if (told || claim.phase === 'Released') return null
  const { cluster, by, since } = teardown
  return newEvent('RequestRefused', {
    ...generationOf(claim),
    podUid: pod.uid,
    reason: 'ClusterTornDown',
    message: `Cluster ${cluster} was torn down by ${by} at ${since}, so no EIP is created or bound any more; run "eipctl teardown --cluster ${cluster} --cancel" if it is to go on.`,
  })
}

/** Whether the claim stays open only to say that the cluster is torn down. */
export function onlyTells(claim: Claim, pod: ClaimPod | null, teardown: Teardown | null): boolean {
  return teardown !== null && pod !== null && claim.address === null && claim.deletion === null
}
