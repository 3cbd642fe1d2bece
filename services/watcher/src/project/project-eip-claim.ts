import { claimKey, type ObjectRef } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'
import { z } from 'zod'
import { metaSchema, ownersOf, readObject } from './object-meta.ts'

/** What is kept of an EIPClaim object as it was seen. */
export interface SeenEipClaim {
  claim: string
  uid: string
  /** When the API server made it, epoch ms. */
  createdAt: number
  /** Somebody deleted it; a finalizer holds it. */
  deletionRequested: boolean
  /** The objects that it goes with. */
  owners: ObjectRef[]
  /** Its EIP has been given back already. */
  released: boolean
}

const eipClaimSchema = z.object({
  metadata: metaSchema.extend({ namespace: z.string().min(1) }),
  status: z.object({ phase: z.string().nullish() }).nullish(),
})

/**
 * The facts of an EIPClaim that the rules need.
 * @throws when the object is no EIPClaim, which an API server never sends
 */
export function projectEipClaim(object: KubeObject): SeenEipClaim {
  const { metadata, status } = readObject(eipClaimSchema, 'EIPClaim', object)
  return {
    claim: claimKey(metadata.namespace, metadata.name),
    uid: metadata.uid,
    createdAt: Date.parse(metadata.creationTimestamp ?? '') || 0,
    deletionRequested: Boolean(metadata.deletionTimestamp),
    owners: ownersOf(metadata).map(({ controls: _, ...owner }) => owner),
    released: status?.phase === 'Released',
  }
}
