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

export interface SimulatedApi extends ApiUnderTest {
  /** Keeps the state as it is now; returns how to go back to it, as from a backup of etcd. */
  backUp(): () => Promise<void>
}

/** The simulated API server, over HTTP. */
export async function startSimulatedApi(): Promise<SimulatedApi> {
  const token = 'token-of-this-test'
  const ids = seededIds(seededRandom(1))
  let store = createKubeStore({ clock: systemClock, ids })
  store.create(customResourceDefinitions, eipClaimCrd)
  const port = await freePort()
  let served = await serveKubeApi(store, { host: '127.0.0.1', port, token })
  const server = served.url
  const admin = createHttpCluster({ access: staticAccess({ server, token }) })
  const restart: ApiUnderTest['restart'] = async (whileDown) => {
    await served.close()
    await whileDown?.()
    served = await serveKubeApi(store, { host: '127.0.0.1', port, token })
    // Connections of before are found dead by whoever uses them next.
    await admin.list(namespaces).catch(() => admin.list(namespaces))
  }
  return {
    ...{ server, token, admin, restart },
    backUp() {
      const snapshot = store.snapshot()
      return () =>
        restart(async () => {
          store = createKubeStore({ clock: systemClock, ids, snapshot })
        })
    },
    compact: async () => store.compact(),
    async stop() {
      await admin.close()
      await served.close()
    },
  }
}
