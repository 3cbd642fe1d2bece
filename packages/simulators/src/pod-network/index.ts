export { applyNetwork } from './apply-network.ts'
export * from './desired-network.ts'
export { followCluster } from './follow-cluster.ts'
