import { rm } from 'node:fs/promises'
import { accessFromEnvironment, type ClusterAccess, createHttpCluster, nodes } from '@pod-eip/kube'
import { regionOf } from './choices.ts'
import type { Run } from './run-context.ts'
import { say, shownPath } from './say.ts'

/** The cluster of this start. */
export interface OpenedCluster {
  simulated: boolean
  access: ClusterAccess
  /** What the services' environment needs to find it. */
  env: Record<string, string>
}

/** Starts the simulated cluster, or finds the one that the environment names. Changes nothing in that one. */
export async function openCluster(run: Run): Promise<OpenedCluster> {
  return run.settings.cluster === 'simulated' ? simulatedCluster(run) : realCluster(run)
}

async function simulatedCluster({ settings, env, dir, cleanup }: Run): Promise<OpenedCluster> {
  const { startSimulatedCluster } = await import('./simulated-cluster.ts')
  const started = await startSimulatedCluster(dir, regionOf(settings))
  cleanup.add(() => started.close())
  say(`  cluster     simulated at ${started.url}; kubeconfig ${shownPath(started.kubeconfig)}`)
  const access = await accessFromEnvironment({ ...env, ...started.env, POD_EIP_CLUSTER: 'kubernetes' })
  return { simulated: true, access, env: started.env }
}

/** @throws one sentence when it does not answer, or refuses us */
async function realCluster({ env, dir }: Run): Promise<OpenedCluster> {
  const access = await accessFromEnvironment({ ...env, POD_EIP_CLUSTER: 'kubernetes' })
  const cluster = createHttpCluster({ access, userAgent: 'pod-eip-start' })
  try {
    await cluster.list(nodes, { limit: 1 })
  } catch (error) {
    throw new Error(
      `the cluster at ${access.server} cannot be used: ${(error as Error).message}; check KUBECONFIG and its current context`,
    )
  } finally {
    await cluster.close()
  }
  // `npm run kubectl` would ask a simulated cluster of an earlier start.
  await rm(dir.file('kubeconfig'), { force: true })
  say(`  cluster     Kubernetes at ${access.server}; nothing but pod-eip's own objects is applied to it`)
  return { simulated: false, access, env: {} }
}
