import { startRealCluster } from '@pod-eip/devstack/real-cluster'
import { createHttpCluster, staticAccess } from '@pod-eip/kube'
import { eipClaimCrdContract } from './eip-claim-crd.contract.ts'

eipClaimCrdContract('kube-apiserver', async () => {
  const real = await startRealCluster()
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
