import { systemClock, systemIds } from '@pod-eip/runtime'
import { createInMemoryCluster, createKubeStore } from '@pod-eip/simulators/kube'
import { eipClaimCrdContract } from './eip-claim-crd.contract.ts'

eipClaimCrdContract('simulated cluster', async () => {
  const store = createKubeStore({ clock: systemClock, ids: systemIds })
  return { cluster: createInMemoryCluster({ store, clock: systemClock }), stop: async () => {} }
})
