import type { ObjectMeta } from '../cluster.ts'

/**
 * A claim as the cluster shows it: written by pod-eip from the read models, never read back. Deleting it is
 * the one thing that people say with it.
 */
export interface EipClaim {
  apiVersion: 'networking.tke.cloud.tencent.com/v1'
  kind: 'EIPClaim'
  metadata: ObjectMeta
  spec: EipClaimSpec
  status?: EipClaimStatus
}

/** What was asked for. */
export interface EipClaimSpec {
  source: 'auto' | 'listed'
  deletePolicy?: 'Never' | 'Release'
  /** Names are those of AllocateAddresses, in camel case. Only with source auto. */
  attributes?: EipClaimAttributes
  /** Only with source listed. */
  eipIds?: string[]
  podUID?: string
  /** Go duration. */
  claimExpiredDuration?: string
}

export interface EipClaimAttributes {
  internetServiceProvider?: string
  internetChargeType?: string
  /** Mbit/s. */
  internetMaxBandwidthOut?: number
  addressType?: string
  anycastZone?: string
  bandwidthPackageId?: string
  antiDDoSPackageId?: string
  egress?: string
  addressName?: string
  tags?: { key: string; value: string }[]
}

/** How things stand. Times are RFC 3339. */
export interface EipClaimStatus {
  phase?: EipClaimPhase
  eipId?: string
  publicIp?: string
  nodeName?: string
  networkInterfaceId?: string
  privateIp?: string
  podUID?: string
  /** Counts the claim's successive EIPs. */
  generation?: number
  boundAt?: string
  retainedSince?: string
  retainedUntil?: string
  releasedAt?: string
  observedGeneration?: number
  conditions?: Condition[]
}

export const eipClaimPhases = [
  'Pending',
  'Allocating',
  'Allocated',
  'Binding',
  'Bound',
  'Unbinding',
  'Retained',
  'Releasing',
  'Released',
] as const
export type EipClaimPhase = (typeof eipClaimPhases)[number]

/** metav1.Condition. */
export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  observedGeneration?: number
  lastTransitionTime: string
  reason: string
  message: string
}
