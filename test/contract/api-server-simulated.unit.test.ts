import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { createKubeStore, serveKubeApi } from '@pod-eip/simulators/kube'
import { createApiClient } from '../api-server/api-client.ts'
import { apiServerContract } from './api-server/api-server.contract.ts'

apiServerContract('simulated', async () => {
  const store = createKubeStore({ clock: systemClock, ids: seededIds(seededRandom(1)) })
  const token = 'token-of-this-test'
  const { url: server, close } = await serveKubeApi(store, { host: '127.0.0.1', port: 0, token })
  const api = createApiClient({ server, token })
  const stranger = createApiClient({ server, token: 'another' })
  return {
    api,
    stranger,
    forget: async () => store.compact(),
    async stop() {
      for (const client of [api, stranger]) client.close()
      await close()
    },
  }
})
