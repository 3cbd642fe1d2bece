import type { KubeObject } from '@pod-eip/kube'
import {
  createLogger,
  portNumber,
  readSettings,
  runService,
  systemClock,
  systemIds,
  systemRandom,
} from '@pod-eip/runtime'
import { z } from 'zod'
import { createClusterSimulator } from './cluster.ts'
import { makeTkeNode } from './controllers/index.ts'
import { serveKubeApi } from './http/serve-kube-api.ts'
import { readState } from './http/state-file.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { nodes } from './resources/nodes.ts'
import { createKubeStore } from './store/kube-store.ts'

/** A simulated cluster as a program of its own: API server, controllers, kubelets and some Nodes. */
const settings = {
  port: {
    env: 'KUBE_SIMULATOR_PORT',
    flag: 'port',
    schema: z.string().default('8001').pipe(portNumber),
    help: 'Port to listen on, 8001 by default; 0 takes a free one',
  },
  host: {
    env: 'KUBE_SIMULATOR_HOST',
    flag: 'host',
    schema: z.string().default('127.0.0.1'),
    help: 'Address to listen on, 127.0.0.1 by default',
  },
  state: {
    env: 'KUBE_SIMULATOR_STATE',
    flag: 'state',
    schema: z.string().optional(),
    help: 'File that keeps the cluster over restarts',
  },
  nodes: {
    env: 'KUBE_SIMULATOR_NODES',
    flag: 'nodes',
    schema: z.string().default('3').transform(Number).pipe(z.int().min(0).max(1000)),
    help: 'How many Nodes a new cluster has, 3 by default',
  },
  logLevel: {
    env: 'KUBE_SIMULATOR_LOG_LEVEL',
    flag: 'log-level',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
    help: 'How much is logged, info by default',
  },
  kubeconfig: {
    env: 'KUBE_SIMULATOR_KUBECONFIG',
    flag: 'kubeconfig',
    schema: z.string().optional(),
    help: 'File to write a kubeconfig to',
  },
  token: {
    env: 'KUBE_SIMULATOR_TOKEN',
    schema: z.string().optional(),
    help: 'Bearer token that every request must bring',
  },
}

await runService('kube-simulator', async () => {
  const given = readSettings(settings, process.env, process.argv.slice(2))
  const { port, host, state, kubeconfig, token } = given
  const snapshot = state === undefined ? undefined : await readState(state)
  const store = createKubeStore({ clock: systemClock, ids: systemIds, ...(snapshot ? { snapshot } : {}) })
  if (!snapshot) {
    for (let index = 0; index < given.nodes; index++)
      store.create(nodes, makeTkeNode({ index }) as KubeObject)
  }
  const cluster = createClusterSimulator({ store, clock: systemClock, random: systemRandom })
  const stateFile = state ? { stateFile: state } : {}
  const api = await serveKubeApi(store, { port, host, ...stateFile, ...(token ? { token } : {}) })
  if (kubeconfig !== undefined) await writeKubeconfig(kubeconfig, api.url, token)
  const logger = createLogger('kube-simulator', { logLevel: given.logLevel })
  logger.info({ url: api.url }, 'a simulated Kubernetes cluster is served')
  return {
    logger,
    port: null,
    service: {
      run: (signal) => cluster.run(signal),
      health: () => ({ live: true, ready: true }),
      async close() {
        cluster.stop()
        await api.close()
      },
    },
  }
})
