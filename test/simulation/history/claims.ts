import { eipClaims } from '@pod-eip/kube'
import type { Act } from './act.ts'
import { claims } from './resources.ts'

const deleteClaim: Act = ({ stage, pick }) => {
  const claim = pick(claims(stage))
  if (!claim) return null
  stage.kube.delete(eipClaims, 'default', claim.metadata.name)
  return `delete eipc ${claim.metadata.name}`
}

/** EIPClaims are deleted by hand. */
export const claimActs: readonly Act[] = [deleteClaim]
