import { startRealCluster } from '@pod-eip/devstack/real-cluster'
import { createHttpCluster, eipClaims, ensureCrd, nodes, pods, staticAccess } from '@pod-eip/kube'
import { vi } from 'vitest'
import type { ApiUnderTest } from './api-under-test.ts'
import { waiting } from './network-scene.ts'

/** A real kube-apiserver, with nobody who would change what the test creates. */
export async function startRealApi(): Promise<ApiUnderTest> {
  // Nobody runs here who would give the namespaces their ServiceAccounts.
  const apiServerFlags = { 'disable-admission-plugins': 'ServiceAccount' }
  const real = await startRealCluster({ apiServerFlags })
  const { server, token, ca } = real
  const admin = createHttpCluster({ access: staticAccess({ server, token, tls: { ca } }) })
  await ensureCrd(admin)
  /** Storage of definitions is opened after the server says that it is ready, and connections of before are dead. */
  const ready = () =>
    vi.waitFor(() => Promise.all([pods, nodes, eipClaims].map((resource) => admin.list(resource))), waiting)
  await ready()
  return {
    ...{ server, ca, token, admin },
    async restart(whileDown) {
      await real.restart('kube-apiserver', whileDown)
      await ready()
    },
    async compact() {
      await real.compact()
      // Its watch cache outlives a compaction of etcd, not its process.
      await real.restart('kube-apiserver')
      await ready()
    },
    async stop() {
      await admin.close()
      await real.stop()
    },
  }
}
