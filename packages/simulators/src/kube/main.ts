import { createLogger, readSettings, runService, systemClock, systemIds } from '@pod-eip/runtime'
import { z } from 'zod'
import { serveKubeApi } from './http/serve-kube-api.ts'
import { readState } from './http/state-file.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { createKubeStore } from './store/kube-store.ts'

/** The simulated API server as a program of its own: the API alone, without controllers or kubelets. */
const settings = {
  port: {
    env: 'KUBE_SIMULATOR_PORT',
    flag: 'port',
    schema: z.string().default('8001').transform(Number).pipe(z.int().min(0).max(65_535)),
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
  const { port, host, state, kubeconfig, token } = readSettings(settings, process.env, process.argv.slice(2))
  const snapshot = state === undefined ? undefined : await readState(state)
  const store = createKubeStore({ clock: systemClock, ids: systemIds, ...(snapshot ? { snapshot } : {}) })
  const api = await serveKubeApi(store, {
    port,
    host,
    ...(state ? { stateFile: state } : {}),
    ...(token ? { token } : {}),
  })
  if (kubeconfig !== undefined) await writeKubeconfig(kubeconfig, api.url, token)
  const logger = createLogger('kube-simulator')
  logger.info({ url: api.url }, 'a simulated Kubernetes API is served')
  return {
    logger,
    port: null,
    service: {
      run: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
      health: () => ({ live: true, ready: true }),
      close: () => api.close(),
    },
  }
})
