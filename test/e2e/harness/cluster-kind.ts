import { realClusterVariable } from './real-cluster/shared-cluster.ts'

/** Where a test runs: the simulated cluster, or a real control plane whose kubelets kwok plays. */
export type ClusterKind = 'simulated' | 'kubernetes'

/** That of this run: `npm run test:cluster` brings a real control plane, `npm test` has none. */
export const clusterKind: ClusterKind = process.env[realClusterVariable] ? 'kubernetes' : 'simulated'
