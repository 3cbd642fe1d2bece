import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { createInMemoryCluster, createKubeStore } from '@pod-eip/simulators/kube'
import { clusterContract } from './cluster/cluster.contract.ts'

clusterContract('in memory, on the simulator', async () => {
  const store = createKubeStore({ clock: systemClock, ids: seededIds(seededRandom(1)) })
  return {
    cluster: createInMemoryCluster({ store, clock: systemClock }),
    expiredVersion: async () => {
      const before = store.resourceVersion()
      store.create(
        { group: '', version: 'v1', plural: 'namespaces' },
        { metadata: { name: 'one-more' }, apiVersion: 'v1', kind: 'Namespace' },
      )
      store.compact()
      return before
    },
    stop: async () => {},
  }
})
