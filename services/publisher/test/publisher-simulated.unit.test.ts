import { createHttpCluster, staticAccess } from '@pod-eip/kube'
import { systemClock, systemIds } from '@pod-eip/runtime'
import { createKubeStore, serveKubeApi } from '@pod-eip/simulators/kube'
import { publisherScenarios } from './scenarios/all.ts'

publisherScenarios('simulated cluster', async () => {
  const store = createKubeStore({ clock: systemClock, ids: systemIds })
  const api = await serveKubeApi(store, { port: 0, host: '127.0.0.1' })
  const cluster = createHttpCluster({ access: staticAccess({ server: api.url }) })
  return {
    cluster,
    stop: async () => {
      await cluster.close()
      await api.close()
    },
  }
})
