import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveOnDemand } from '@pod-eip/devstack/on-demand'
import { startRealCluster } from '@pod-eip/devstack/real-cluster'
import { writeAuditPolicy } from '../audit.ts'
import { clusterOfWorker, realClusterVariable, type SharedCluster } from './shared-cluster.ts'

/** Workers of vitest count from 1. Only for those that ask a cluster is started. */
const mostWorkers = 8

/**
 * vitest's global setup of `npm run test:cluster`: a control plane with controllers, scheduler and kubelets for each
 * worker's end-to-end tests, which run one file after the other and each empty it first: a start takes seven times as
 * long. They belong to the vitest process and are gone when that ends, however it ends.
 */
export default async function realClusters(): Promise<() => Promise<void>> {
  const workers = Array.from({ length: mostWorkers }, (_, i) => String(i + 1))
  const broker = await serveOnDemand(Object.fromEntries(workers.map((id) => [clusterOfWorker(id), start])))
  process.env[realClusterVariable] = broker.url
  return broker.stop
}

async function start() {
  const dir = await mkdtemp(join(tmpdir(), 'pod-eip-audit-'))
  const { flags, log } = await writeAuditPolicy(dir)
  const parts = { controllerManager: true, scheduler: true, kwok: true }
  const real = await startRealCluster({ ...parts, apiServerFlags: flags })
  const { server, ca, token } = real
  const shared: SharedCluster = { server, ca, token, auditLog: log }
  return {
    answer: JSON.stringify(shared),
    async stop() {
      await real.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
