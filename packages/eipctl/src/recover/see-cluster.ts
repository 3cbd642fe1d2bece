import {
  annotationNames,
  type ClaimTerms,
  claimHolder,
  claimKey,
  type EipAttributes,
  extractPodRequest,
  installationMarks,
  numberOfPod,
  parseGoDuration,
} from '@pod-eip/domain'
import { type Cluster, type EipClaim, eipClaims, type KubeObject, listAll, pods } from '@pod-eip/kube'
import type { SeenObject, SeenPod } from './seen.ts'

/** What the cluster knows: a complete list of its Pods, and the EIPClaims that pod-eip made. @throws KubeError */
export async function seeCluster(cluster: Cluster, annotationDomain: string) {
  const seenPods = await listAll(cluster, pods, {}, (object) => seePod(object, annotationDomain))
  const seenObjects = await listAll(cluster, eipClaims, {}, (object) => seeObject(object, annotationDomain))
  return {
    pods: byClaim(seenPods.items.filter((pod) => pod !== null)),
    objects: byClaim(seenObjects.items.filter((object) => object !== null)),
  }
}

function byClaim<T extends { claim: string }>(items: T[]): Map<string, T> {
  return new Map(items.map((item) => [item.claim, item]))
}

/** A Pod that lives; `null` for one that has ended. */
function seePod({ metadata, spec, status }: KubeObject, domain: string): SeenPod | null {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return null
  return {
    claim: claimKey(metadata.namespace ?? '', metadata.name),
    uid: metadata.uid ?? '',
    node: spec?.nodeName || null,
    privateIp: status?.podIP || null,
    asks: extractPodRequest(metadata.annotations, domain) !== null,
    eipId: metadata.annotations?.[annotationNames(domain).eipId] ?? '',
    hostNetwork: spec?.hostNetwork ?? false,
  }
}

/** `null` for one that was made by hand, or for another installation's log: it proves nothing. */
function seeObject(object: KubeObject, domain: string): SeenObject | null {
  const { metadata, spec, status = {} } = object as unknown as EipClaim
  if (claimHolder(metadata, installationMarks(domain)) !== domain) return null
  return {
    claim: claimKey(metadata.namespace ?? '', metadata.name),
    generation: status.generation ?? 0,
    eipId: status.eipId ?? '',
    publicIp: status.publicIp ?? '',
    podUid: status.podUID ?? '',
    privateIp: status.privateIp ?? '',
    node: status.nodeName ?? '',
    boundAt: status.boundAt ? new Date(status.boundAt).toISOString() : '',
    terms: termsOf(spec, metadata.name),
  }
}

/** What the claim promises, as its object says it. */
function termsOf(spec: EipClaim['spec'], name: string): ClaimTerms | null {
  const expiryMs = spec.claimExpiredDuration === undefined ? null : parseGoDuration(spec.claimExpiredDuration)
  const common = { static: spec.deletePolicy === 'Never', ...(expiryMs !== null && { expiryMs }) }
  switch (spec.source) {
    case 'listed':
      return { ...common, source: 'listed', ids: spec.eipIds ?? [], number: numberOfPod(name, null) }
    case 'auto':
      return spec.attributes
        ? { ...common, source: 'auto', attributes: spec.attributes as EipAttributes }
        : null
  }
}
