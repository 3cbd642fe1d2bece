export { type AssetProgram, assetsOfTests, findAssets } from './assets.ts'
export { kwokAnnotation } from './control-plane.ts'
export { writeKubeconfig } from './credentials.ts'
export { type RealCluster, type RealClusterOptions, startRealCluster } from './start-real-cluster.ts'
