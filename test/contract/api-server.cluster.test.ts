import { startRealCluster } from '@pod-eip/devstack/real-cluster'
import { createApiClient } from '../api-server/api-client.ts'
import { apiServerContract } from './api-server/api-server.contract.ts'

apiServerContract('kube-apiserver', async () => {
  // The controller manager collects garbage.
  const real = await startRealCluster({ controllerManager: true })
  const { server, ca, token } = real
  const api = createApiClient({ server, ca, token })
  const stranger = createApiClient({ server, ca, token: 'another' })
  return {
    api,
    stranger,
    async forget() {
      await real.compact()
      // It remembers more than etcd does.
      await real.restart('kube-apiserver')
    },
    async stop() {
      for (const client of [api, stranger]) client.close()
      await real.stop()
    },
  }
})
