import { configMaps, nodes } from '@pod-eip/kube'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import {
  createClusterSimulator,
  createKubeStore,
  readState,
  serveKubeApi,
  writeKubeconfig,
} from '@pod-eip/simulators/kube'
import type { DataDir } from './data-dir.ts'
import { newNodes } from './new-nodes.ts'
import { onPreferredPort } from './preferred-port.ts'

/** Where kubectl finds it at every start, unless another program is there. */
const preferredPort = 16443

/** What TKE tells the ip-masq-agent of each node. */
const masqAgentConfig = {
  metadata: { name: 'ip-masq-agent-config', namespace: 'kube-system' },
  data: {
    config:
      '{"NonMasqueradeCIDRs":["10.0.0.0/8"],"MasqLinkLocal":true,"ResyncInterval":"1m0s","MasqLinkLocalIPv6":false}',
  },
}

/** The simulated cluster over HTTP: API server, controllers, scheduler and kubelets. */
export interface SimulatedCluster {
  url: string
  kubeconfig: string
  /** What the services' environment needs to find it. */
  env: Record<string, string>
  close(): Promise<void>
}

export async function startSimulatedCluster(dir: DataDir, region: string): Promise<SimulatedCluster> {
  const stateFile = dir.file('cluster.json')
  const snapshot = await readState(stateFile)
  const store = createKubeStore({ clock: systemClock, ids: systemIds, ...(snapshot && { snapshot }) })
  if (!snapshot) {
    for (const node of newNodes(region)) store.create(nodes, node)
    store.create(configMaps, masqAgentConfig)
  }
  const controllers = createClusterSimulator({ store, clock: systemClock, random: systemRandom })
  const stopping = new AbortController()
  const running = controllers.run(stopping.signal)
  const served = await onPreferredPort(preferredPort, (port) =>
    serveKubeApi(store, { port, host: '127.0.0.1', stateFile }),
  )
  const kubeconfig = dir.file('kubeconfig')
  await writeKubeconfig(kubeconfig, served.url)
  return {
    url: served.url,
    kubeconfig,
    env: { KUBECONFIG: kubeconfig },
    async close() {
      stopping.abort()
      await running
      controllers.stop()
      await served.close()
    },
  }
}
