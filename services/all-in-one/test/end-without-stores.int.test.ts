import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApi } from '@pod-eip/api'
import { type EmbeddedStore, freePort, startEmbeddedPostgres, startEmbeddedValkey } from '@pod-eip/devstack'
import { startProjector } from '@pod-eip/projector'
import { startPublisher } from '@pod-eip/publisher'
import type { Service } from '@pod-eip/runtime'
import { startWatcher } from '@pod-eip/watcher'
import { startWorker } from '@pod-eip/worker'
import { afterEach, beforeEach, describe, test } from 'vitest'

const starts = {
  watcher: startWatcher,
  projector: startProjector,
  worker: startWorker,
  publisher: startPublisher,
  api: startApi,
}
/** As the chart gives them, in ms: what has not ended by then is killed. */
const graceMs = 30_000

describe('a service that is told to end while a store is gone ends within its grace', () => {
  let folder: string
  let postgres: EmbeddedStore
  let valkey: EmbeddedStore
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ending-'))
    ;[postgres, valkey] = await Promise.all([
      startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), port: await freePort() }),
      startEmbeddedValkey({}),
    ])
  })
  afterEach(async () => {
    await Promise.all([postgres.stop(), valkey.stop()])
    await rm(folder, { recursive: true, force: true })
  })

  /** Starts all five, takes stores away, and ends them; nobody waits for longer than the test may last. */
  async function endWithout(take: () => Promise<unknown>): Promise<void> {
    const file = join(folder, 'kubeconfig')
    const kubeconfig = {
      clusters: [{ name: 'none', cluster: { server: 'http://127.0.0.1:1' } }],
      contexts: [{ name: 'none', context: { cluster: 'none', user: 'none' } }],
      'current-context': 'none',
    }
    await writeFile(file, JSON.stringify(kubeconfig))
    const env = {
      ...{ DATABASE_URL: postgres.url, REDIS_URL: valkey.url, POD_EIP_CLUSTER_ID: 'cls-a' },
      ...{ POD_EIP_CLUSTER: 'kubernetes', KUBECONFIG: file, POD_EIP_LOG_LEVEL: 'silent' },
      ...{
        TENCENTCLOUD_REGION: 'ap-guangzhou',
        TENCENTCLOUD_SECRET_ID: 'id',
        TENCENTCLOUD_SECRET_KEY: 'key',
      },
      // Nobody is there, so that calls are under way.
      ...{ POD_EIP_CLOUD_ENDPOINT: 'http://127.0.0.1:1', POD_EIP_API_PORT: String(await freePort()) },
    }
    const stopping = new AbortController()
    const services: Service[] = []
    for (const start of Object.values(starts)) services.push((await start(env, [])).service)
    const runs = services.map((service) => service.run(stopping.signal))
    await take()
    stopping.abort()
    await Promise.all(runs.map(async (run, index) => run.then(() => services[index]!.close())))
  }

  test('Redis', () => endWithout(() => valkey.stop()), 60_000 + graceMs)
  test('Postgres', () => endWithout(() => postgres.stop()), 60_000 + graceMs)
  test('both', () => endWithout(() => Promise.all([postgres.stop(), valkey.stop()])), 60_000 + graceMs)
})
