/** The annotations and the resource of Pod EIP under one domain (`POD_EIP_ANNOTATION_DOMAIN`). */
export interface AnnotationNames {
  attributes: string
  deletePolicy: string
  idList: string
  claimExpiredDuration: string
  publicIp: string
  eipId: string
  /** On the ConfigMap of ip-masq-agent: which entries of its list are pod-eip's. */
  egressEntries: string
  /** The extended resource that each EIP slot of a Node is. */
  resource: string
  /** The Pod condition for readiness gates: True while the EIP is bound. */
  readinessGate: string
}

export const defaultAnnotationDomain = 'tke.cloud.tencent.com'

/** Names as TKE's users know them, under `domain`. */
export function annotationNames(domain: string): AnnotationNames {
  return {
    attributes: `${domain}/eip-attributes`,
    deletePolicy: `${domain}/eip-claim-delete-policy`,
    idList: `${domain}/eip-id-list`,
    claimExpiredDuration: `${domain}/claim-expired-duration`,
    publicIp: `${domain}/eip-public-ip`,
    eipId: `${domain}/eip-id`,
    egressEntries: `${domain}/eip-egress-entries`,
    resource: `${domain}/eip`,
    readinessGate: `${domain}/eip-bound`,
  }
}
