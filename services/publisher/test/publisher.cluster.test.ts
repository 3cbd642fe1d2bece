import { startRealCluster } from '@pod-eip/devstack/real-cluster'
import { createHttpCluster, staticAccess } from '@pod-eip/kube'
import { publisherScenarios } from './scenarios/all.ts'

publisherScenarios('kube-apiserver', async () => {
  // Nobody runs here who would give the namespaces their ServiceAccounts.
  const flags = { 'disable-admission-plugins': 'ServiceAccount' }
  const real = await startRealCluster({ apiServerFlags: flags })
  const access = staticAccess({ server: real.server, token: real.token, tls: { ca: real.ca } })
  const cluster = createHttpCluster({ access })
  return {
    cluster,
    stop: async () => {
      await cluster.close()
      await real.stop()
    },
  }
})
