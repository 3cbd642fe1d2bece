import { pods } from '@pod-eip/kube'
import { asksForEip } from '../history/resources.ts'
import type { Invariant } from './invariant.ts'
import { waitsForListed } from './listed.ts'

/** Every Pod that asks has its EIP, bound in the cloud as in the log, or waits for a slot or for one of its list; nothing is under way any more. */
export const served: Invariant = {
  name: 'I2 and I9 served',
  atRest({ stage, plane, claims, addresses, say }) {
    if (plane.tornDown()) return
    for (const pod of stage.kube.list(pods, { namespace: 'default' }).items) {
      if (['Succeeded', 'Failed'].includes(pod.status?.phase) || pod.metadata.deletionTimestamp) continue
      if (!asksForEip(pod)) continue
      const claim = claims.find((c) => c.key === `default/${pod.metadata.name}`)
      if (!claim || claim.pod?.uid !== pod.metadata.uid) {
        say('I9', `Pod ${pod.metadata.name} asks and nobody has noticed`)
        continue
      }
      if (!pod.status?.podIP) continue
      if (claim.phase !== 'Bound') {
        if (claim.problem?.reason !== 'NodeQuotaExhausted' && !waitsForListed(claim, stage, claims)) {
          say('at rest', `claim ${claim.key} is ${claim.phase} (${claim.problem?.message ?? 'no reason'})`)
        }
        continue
      }
      const at = addresses.get(claim.address!.id)?.binding?.privateIpAddress
      if (at !== pod.status.podIP) {
        say('I2', `${claim.key} is Bound in the log, but ${claim.address!.id} is at ${at ?? 'nobody'}`)
      }
      if (pod.metadata.annotations?.['tke.cloud.tencent.com/eip-id'] !== claim.address!.id) {
        say('told', `Pod ${pod.metadata.name} lacks its annotation`)
      }
    }
    for (const claim of claims) {
      // A look-up goes on for as long as somebody else has the EIP.
      const looks = claim.intent?.action === 'lookup' && waitsForListed(claim, stage, claims)
      if (claim.intent && !looks) {
        say(
          'at rest',
          `${claim.key} still waits for ${claim.intent.action} (${claim.problem?.message ?? ''})`,
        )
      }
      if (claim.deletion) say('I9', `the deletion of ${claim.key} was never answered`)
    }
  },
}
