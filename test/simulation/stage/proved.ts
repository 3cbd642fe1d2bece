import type { World } from '@pod-eip/domain'
import { claims as claimObjects } from '../history/resources.ts'
import { region, type Stage } from './stage.ts'

/** An EIP whose EIPClaim says whose it is. */
export interface Proved {
  claim: string
  addressId: string
}

/** The EIPs that the cluster proves to be their claims', and that nobody was about to give back. */
export function provedByCluster(stage: Stage, { models }: { models: { world: World } }): Proved[] {
  const there = new Set(
    stage.cloud
      .region({ region })
      .addresses()
      .map(({ addressId }) => addressId),
  )
  return claimObjects(stage).flatMap(({ metadata, status }) => {
    const claim = models.world.claims.get(`${metadata.namespace}/${metadata.name}`)
    const addressId = claim?.address?.id
    const stays = claim && !claim.reclaim && claim.intent?.action !== 'release' && !metadata.deletionTimestamp
    const told = stays && addressId !== undefined && status?.eipId === addressId && there.has(addressId)
    return told ? [{ claim: claim.key, addressId }] : []
  })
}
