import { claimHolder, claimKey, type InstallationMarks, type ObjectRef } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'
import { z } from 'zod'
import { metaSchema, ownersOf, readObject } from './object-meta.ts'

/** What is kept of an EIPClaim object as it was seen. */
export interface SeenEipClaim {
  claim: string
  uid: string
  /** When the API server made it, epoch ms. */
  createdAt: number
  /** It is of this installation: made for the log, or taken over. Others are of no interest. */
  ours: boolean
  /** Somebody deleted it; a finalizer holds it. */
  deletionRequested: boolean
  /** The objects that it goes with. */
  owners: ObjectRef[]
  /** Its EIP has been given back already. */
  released: boolean
}

const eipClaimSchema = z.object({
  metadata: metaSchema.extend({
    namespace: z.string().min(1),
    labels: z.record(z.string(), z.string()).nullish(),
    finalizers: z.array(z.string()).nullish(),
  }),
  status: z.object({ phase: z.string().nullish() }).nullish(),
})

/**
 * The facts of an EIPClaim that the rules need.
 * @throws when the object is no EIPClaim, which an API server never sends
 */
export function projectEipClaim(object: KubeObject, marks: InstallationMarks): SeenEipClaim {
  const { metadata, status } = readObject(eipClaimSchema, 'EIPClaim', object)
  const { finalizers, labels } = metadata
  return {
    claim: claimKey(metadata.namespace, metadata.name),
    uid: metadata.uid,
    createdAt: Date.parse(metadata.creationTimestamp ?? '') || 0,
    ours: claimHolder({ finalizers: finalizers ?? [], labels: labels ?? {} }, marks) === marks.domain,
    deletionRequested: Boolean(metadata.deletionTimestamp),
    owners: ownersOf(metadata).map(({ controls: _, ...owner }) => owner),
    released: status?.phase === 'Released',
  }
}
