import { createHttpCluster, staticAccess } from '@pod-eip/kube'
import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { createKubeStore, serveKubeApi } from '@pod-eip/simulators/kube'
import { clusterContract } from './cluster/cluster.contract.ts'

clusterContract('HTTP to the simulator', async () => {
  const store = createKubeStore({ clock: systemClock, ids: seededIds(seededRandom(1)) })
  const token = 'token-of-this-test'
  const served = await serveKubeApi(store, { host: '127.0.0.1', port: 0, token })
  const cluster = createHttpCluster({ access: staticAccess({ server: served.url, token }) })
  return {
    cluster,
    expiredVersion: async () => {
      const before = store.resourceVersion()
      store.create({ group: '', version: 'v1', plural: 'namespaces' }, { metadata: { name: 'one-more' } })
      store.compact()
      return before
    },
    stop: async () => {
      await cluster.close()
      await served.close()
    },
  }
})
