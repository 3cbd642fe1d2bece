/** Tag that carries the cluster's id. */
export const clusterTag = 'tke-clusterId'

/** Tag of every EIP that was created for a Pod, by this cluster or another one, by pod-eip or TKE's own ipamd. */
export const createdTag = 'tke-created-eip'

/** Tag that carries the allocation's id: the way to find what a call brought whose answer never came. */
export const allocationTag = 'pod-eip/allocation'
