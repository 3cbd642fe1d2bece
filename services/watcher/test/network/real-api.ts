import { startRealCluster } from '@pod-eip/devstack/real-cluster'
import { createHttpCluster, ensureCrd, staticAccess } from '@pod-eip/kube'
import type { ApiUnderTest } from './api-under-test.ts'

/** A real kube-apiserver, with nobody who would change what the test creates. */
export async function startRealApi(): Promise<ApiUnderTest> {
  // Nobody runs here who would give the namespaces their ServiceAccounts.
  const apiServerFlags = { 'disable-admission-plugins': 'ServiceAccount' }
  const real = await startRealCluster({ apiServerFlags })
  const { server, token, ca } = real
  const admin = createHttpCluster({ access: staticAccess({ server, token, tls: { ca } }) })
  await ensureCrd(admin)
  return {
    ...{ server, ca, token, admin },
    restart: (whileDown) => real.restart('kube-apiserver', whileDown),
    async compact() {
      await real.compact()
      // Its watch cache outlives a compaction of etcd, not its process.
      await real.restart('kube-apiserver')
    },
    async stop() {
      await admin.close()
      await real.stop()
    },
  }
}
