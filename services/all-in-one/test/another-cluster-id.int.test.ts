import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startApi } from '@pod-eip/api'
import { createTestDatabase } from '@pod-eip/devstack'
import { startProjector } from '@pod-eip/projector'
import { startPublisher } from '@pod-eip/publisher'
import { SettingsError } from '@pod-eip/runtime'
import { startWatcher } from '@pod-eip/watcher'
import { startWorker } from '@pod-eip/worker'
import { expect, test } from 'vitest'

const kubeconfig = {
  clusters: [{ name: 'none', cluster: { server: 'http://127.0.0.1:1' } }],
  contexts: [{ name: 'none', context: { cluster: 'none', user: 'none' } }],
  'current-context': 'none',
}

test('a service with another cluster id than the log has is refused at its start, one with the same is not', async () => {
  const { url, schema, drop } = await createTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'cluster-id-'))
  const file = join(folder, 'kubeconfig')
  await writeFile(file, JSON.stringify(kubeconfig))
  const env = (clusterId: string) => ({
    DATABASE_URL: url,
    POD_EIP_DATABASE_SCHEMA: schema,
    // Nobody comes as far as Redis.
    REDIS_URL: 'redis://127.0.0.1:1',
    POD_EIP_CLUSTER_ID: clusterId,
    POD_EIP_CLUSTER: 'kubernetes',
    KUBECONFIG: file,
    POD_EIP_LOG_LEVEL: 'silent',
    TENCENTCLOUD_REGION: 'ap-guangzhou',
    TENCENTCLOUD_SECRET_ID: 'id',
    TENCENTCLOUD_SECRET_KEY: 'key',
  })
  try {
    for (const start of [startWatcher, startPublisher, startApi]) {
      const { service } = await start(env('cls-a'), [])
      await service.close()
    }
    for (const start of [startWatcher, startProjector, startWorker, startPublisher, startApi]) {
      const refused = await start(env('cls-x'), []).catch((error: unknown) => error)
      expect(refused).toBeInstanceOf(SettingsError)
      expect((refused as Error).message).toBe(
        `POD_EIP_CLUSTER_ID (--cluster-id) is "cls-x": the log in schema ${schema} of this database is that of cls-a (event 1), whose EIPs carry the tag tke-clusterId=cls-a; give that id, or a schema of its own (POD_EIP_DATABASE_SCHEMA).`,
      )
    }
  } finally {
    await drop()
    await rm(folder, { recursive: true })
  }
})
