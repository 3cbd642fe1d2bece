export {
  type ClusterConfig,
  type ClusterSimulator,
  type ClusterSimulatorOptions,
  createClusterSimulator,
} from './cluster.ts'
export * from './controllers/index.ts'
export { deployments, replicaSets, statefulSets } from './controllers/shared/resources.ts'
export { type ServedKubeApi, type ServeOptions, serveKubeApi } from './http/serve-kube-api.ts'
export { readState } from './http/state-file.ts'
export { createInMemoryCluster, type InMemoryClusterOptions } from './in-memory-cluster.ts'
export { writeKubeconfig } from './kubeconfig.ts'
export { ApiError, type Cause, type StatusDetails } from './store/api-error.ts'
export type { KubeSnapshot } from './store/core.ts'
export type { DeleteOptions, DeleteResult } from './store/delete.ts'
export { createKubeStore, type KubeStore, type KubeStoreOptions } from './store/kube-store.ts'
export type { ListQuery, Selection, WatchQuery } from './store/list.ts'
export type { WriteOptions } from './store/operations.ts'
export type { ApplyPatch, ChangePatch, Patch } from './store/patch.ts'
export type { Column, ResourceRef, ResourceType } from './store/resource-type.ts'
export type { Scale } from './store/subresources.ts'
