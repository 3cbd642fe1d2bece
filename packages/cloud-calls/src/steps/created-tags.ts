import { reservedTagKeys } from '@pod-eip/domain'

/**
 * Tags of every EIP that is created: `clusterTag` carries the cluster's id; `createdTag` says that it was created for
 * a Pod, by this cluster or another one, by pod-eip or TKE's own ipamd; `allocationTag` carries the allocation's id:
 * the way to find what a call brought whose answer never came.
 */
export const [clusterTag, createdTag, allocationTag] = reservedTagKeys
