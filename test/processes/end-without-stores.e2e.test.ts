import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startEmbeddedPostgres, startEmbeddedValkey } from '@pod-eip/devstack'
import { systemClock } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { until } from '../contract/until.ts'
import { startCloud } from '../e2e/harness/cloud.ts'
import { root } from '../e2e/harness/services.ts'
import { startServiceProcess } from './service-process.ts'

test.each(['Redis', 'Postgres'] as const)(
  'a worker and a projector end on SIGTERM while %s is gone',
  async (gone) => {
    const folder = await mkdtemp(join(tmpdir(), 'ending-'))
    const [postgres, valkey, cloud] = await Promise.all([
      startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), port: await freePort() }),
      startEmbeddedValkey({}),
      startCloud(systemClock),
    ])
    const env = {
      ...{ PATH: process.env.PATH ?? '', HOME: folder },
      ...cloud.env,
      ...{ DATABASE_URL: postgres.url, REDIS_URL: valkey.url, POD_EIP_CLUSTER_ID: 'cls-a' },
    }
    try {
      const start = (name: string) =>
        startServiceProcess({ folder: root, args: [`services/${name}/src/main.ts`], env })
      const [projector, worker] = await Promise.all([start('projector'), start('worker')])
      await Promise.all([projector.ready(), worker.ready()])
      // From here on it waits for jobs.
      await until('the worker works', () => worker.words().includes('this worker makes the calls'))
      await (gone === 'Redis' ? valkey : postgres).stop()
      expect(await Promise.all([worker.stop(), projector.stop()])).toEqual([0, 0])
    } finally {
      await Promise.all([cloud.close(), postgres.stop(), valkey.stop()])
      await rm(folder, { recursive: true, force: true })
    }
  },
)
