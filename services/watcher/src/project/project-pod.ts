import { claimKey, extractPodRequest, type ObjectRef, type PodRequest } from '@pod-eip/domain'
import { storableText } from '@pod-eip/event-log'
import type { KubeObject } from '@pod-eip/kube'
import { z } from 'zod'
import { controllerOf, metaSchema, readObject } from './object-meta.ts'

/** What is kept of a Pod as it was seen. */
export interface SeenPod {
  claim: string
  uid: string
  resourceVersion: string
  request: PodRequest | null
  hostNetwork: boolean
  node: string | null
  privateIp: string | null
  controller: ObjectRef | null
  terminating: boolean
  /** When its grace period is over, ISO 8601; absent until its deletion was asked for. */
  endsBy?: string
  /** ISO 8601. */
  createdAt: string
  /** `null` while its containers may run. */
  end: PodEnd | null
}

/** How a Pod ended that is still shown. */
export interface PodEnd {
  reason: 'Deleted' | 'Succeeded' | 'Failed' | 'Evicted'
  message?: string
}

const text = z.string().nullish()
const podSchema = z.object({
  metadata: metaSchema.extend({
    namespace: z.string().min(1),
    annotations: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.object({ nodeName: text, hostNetwork: z.boolean().nullish() }).nullish(),
  status: z.object({ phase: text, podIP: text, reason: text, message: text }).nullish(),
})
type Pod = z.infer<typeof podSchema>

/** Words of a kubelet about an eviction fit well within this. */
const maxMessageLength = 500

/**
 * The facts of a Pod that the rules need.
 * @param domain annotation domain, `POD_EIP_ANNOTATION_DOMAIN`
 * @throws when the object is no Pod, which an API server never sends
 */
export function projectPod(object: KubeObject, domain: string): SeenPod {
  const pod = readObject(podSchema, 'Pod', object)
  const { metadata, spec, status } = pod
  return {
    claim: claimKey(metadata.namespace, metadata.name),
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    request: storableRequest(extractPodRequest(metadata.annotations ?? undefined, domain)),
    hostNetwork: spec?.hostNetwork ?? false,
    node: spec?.nodeName || null,
    privateIp: status?.podIP || null,
    controller: controllerOf(metadata),
    terminating: Boolean(metadata.deletionTimestamp),
    ...(metadata.deletionTimestamp && { endsBy: metadata.deletionTimestamp }),
    createdAt: metadata.creationTimestamp ?? '',
    end: endOf(pod),
  }
}

/** A Pod that was told to go has no other end than its deletion, however its containers took it. */
function endOf({ metadata, status }: Pod): PodEnd | null {
  const phase = status?.phase
  if (phase !== 'Succeeded' && phase !== 'Failed') return null
  const message = storableText((status?.message ?? '').slice(0, maxMessageLength))
  const reason =
    phase === 'Failed' && status?.reason === 'Evicted'
      ? 'Evicted'
      : metadata.deletionTimestamp
        ? 'Deleted'
        : phase
  return message ? { reason, message } : { reason }
}

/** The request as the log will give it back, so that the two can be compared. */
function storableRequest(request: PodRequest | null): PodRequest | null {
  return (
    request &&
    Object.fromEntries(Object.entries(request).map(([field, words]) => [field, storableText(words)]))
  )
}
