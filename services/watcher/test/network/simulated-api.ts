import { freePort } from '@pod-eip/devstack'
import {
  createHttpCluster,
  customResourceDefinitions,
  eipClaimCrd,
  namespaces,
  staticAccess,
} from '@pod-eip/kube'
import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { createKubeStore, serveKubeApi } from '@pod-eip/simulators/kube'
import type { ApiUnderTest } from './api-under-test.ts'

/** The simulated API server, over HTTP. */
export async function startSimulatedApi(): Promise<ApiUnderTest> {
  const token = 'token-of-this-test'
  const store = createKubeStore({ clock: systemClock, ids: seededIds(seededRandom(1)) })
  store.create(customResourceDefinitions, eipClaimCrd)
  const port = await freePort()
  let served = await serveKubeApi(store, { host: '127.0.0.1', port, token })
  const server = served.url
  const admin = createHttpCluster({ access: staticAccess({ server, token }) })
  return {
    ...{ server, token, admin },
    async restart(whileDown) {
      await served.close()
      await whileDown?.()
      served = await serveKubeApi(store, { host: '127.0.0.1', port, token })
      // Connections of before are found dead by whoever uses them next.
      await admin.list(namespaces).catch(() => admin.list(namespaces))
    },
    compact: async () => store.compact(),
    async stop() {
      await admin.close()
      await served.close()
    },
  }
}
