export { kwokAnnotation } from './control-plane.ts'
export { type RealCluster, type RealClusterOptions, startRealCluster } from './start-real-cluster.ts'
