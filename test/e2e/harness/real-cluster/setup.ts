import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveOnDemand } from '@pod-eip/devstack/on-demand'
import { startRealCluster } from '@pod-eip/devstack/real-cluster'
import { writeAuditPolicy } from '../audit.ts'
import { realClusterVariable, type SharedCluster } from './shared-cluster.ts'

/**
 * vitest's global setup of `npm run test:cluster`: one control plane with controllers, scheduler and kubelets for
 * all end-to-end tests, which run one file after the other and each empty it first: a start takes seven times as
 * long. It belongs to the vitest process and is gone when that ends, however it ends.
 */
export default async function realCluster(): Promise<() => Promise<void>> {
  const broker = await serveOnDemand({ cluster: start })
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
