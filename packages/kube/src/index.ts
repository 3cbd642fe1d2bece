export { accessFromEnvironment } from './access/access-from-environment.ts'
export {
  type ClusterAccess,
  type Credentials,
  staticAccess,
  type TlsMaterial,
} from './access/cluster-access.ts'
export { type KubeConfigOptions, kubeConfigAccess } from './access/kube-config-access.ts'
export { missingRight } from './access/missing-right.ts'
export {
  hasServiceAccount,
  type ServiceAccountOptions,
  serviceAccountAccess,
} from './access/service-account-access.ts'
export { isReplaced, type WriteRefusal, writeRefusal } from './access/write-refusal.ts'
export * from './cluster.ts'
export { clusterUid } from './cluster-uid.ts'
export { crdDifference, revisionOf } from './crd/crd-difference.ts'
export * from './crd/eip-claim.ts'
export { crdOwnerLabel, crdRevision, crdRevisionAnnotation, eipClaimCrd } from './crd/eip-claim-crd.ts'
export {
  crdFieldManager,
  type EnsureCrdOptions,
  ensureCrd,
  type InstalledCrd,
  lookAtCrd,
} from './crd/ensure-crd.ts'
export { createHttpCluster, type HttpCluster, type HttpClusterOptions } from './http/http-cluster.ts'
export { backOffMs } from './list-watch/back-off.ts'
export { type CompleteList, listAll } from './list-watch/list-all.ts'
export {
  type ListWatch,
  type ListWatchOptions,
  type ListWatchStatus,
  listWatch,
} from './list-watch/list-watch.ts'
export type { ListWatchEvent } from './list-watch/watch-session.ts'
export * from './resources.ts'
