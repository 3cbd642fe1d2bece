import { type RealCluster, type RealClusterOptions, startRealCluster } from '@pod-eip/devstack/real-cluster'
import type { KubeObject } from '@pod-eip/kube'
import { vi } from 'vitest'
import { createApiClient } from '../../api-server/api-client.ts'
import { kubectlOn, type Said } from '../programs.ts'

/** A real API server with admission policies on it. */
export interface AdmittingServer {
  cluster: RealCluster
  kubectl(args: string[], input?: string): Promise<Said>
  /** What the API server answers to a new object that is not kept: status and message, or the object. */
  dryRun(path: string, object: object): Promise<{ status: number; message: string; object: KubeObject }>
  /** The sentence that a Pod with such annotations is refused with; `null` when it is let in. */
  refusalOf(annotations: Record<string, string>): Promise<string | null>
  close(): Promise<void>
}

/**
 * Starts an API server and puts policies on it.
 * @param policies their YAML
 * @param isThere resolves once they are in force, rejects before
 */
export async function startAdmitting(
  policies: string,
  isThere: (server: AdmittingServer) => Promise<void>,
  options: RealClusterOptions = {},
): Promise<AdmittingServer> {
  const cluster = await startRealCluster({ controllerManager: true, ...options })
  const api = createApiClient(cluster)
  const kubectl = kubectlOn(cluster.kubeconfig)
  const dryRun: AdmittingServer['dryRun'] = async (path, body) => {
    const { status, body: object } = await api.call(`${path}?dryRun=All`, { method: 'POST', body })
    return { status, message: String(object.message ?? ''), object }
  }
  const server: AdmittingServer = {
    ...{ cluster, kubectl, dryRun },
    async refusalOf(annotations) {
      const metadata = { name: 'asks', namespace: 'default', annotations }
      const pod = { metadata, spec: { containers: [{ name: 'main', image: 'busybox' }] } }
      const { status, message } = await dryRun('/api/v1/namespaces/default/pods', pod)
      if (status === 201) return null
      const sentence = /denied request: (.*)$/s.exec(message)?.[1]
      if (status !== 422 || sentence === undefined) throw new Error(`${status}: ${message}`)
      return sentence
    },
    async close() {
      api.close()
      await cluster.stop()
    },
  }
  try {
    const { code, text } = await kubectl(['apply', '-f', '-'], policies)
    if (code !== 0) throw new Error(text)
    // The API server reads new policies in its own time.
    await vi.waitFor(() => isThere(server), { timeout: 60_000, interval: 200 })
    return server
  } catch (error) {
    await server.close()
    throw error
  }
}
