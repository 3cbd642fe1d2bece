import { createTestDatabase, redisUrlForTests, type TestDatabase } from '@pod-eip/devstack'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiServer, startSimulatedApiServer } from './api-servers.ts'
import { watchManyPods } from './watch-many-pods.ts'

const everything = ['eipclaims.networking.tke.cloud.tencent.com', 'nodes', 'pods']

let database: TestDatabase
let api: ApiServer

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startSimulatedApiServer()
})
afterAll(async () => {
  await api?.stop()
  await database?.drop()
})

// Elsewhere the kernel does not keep the peak of a process.
test.runIf(process.platform === 'linux')(
  'a watcher of 10,000 Pods stays under 200 MB, and goes on where it was without a list',
  async () => {
    const watched = await watchManyPods(
      api,
      { ...database, redisUrl: await redisUrlForTests() },
      { pods: 10_000, asking: 1_000 },
    )
    expect(watched.first.listed.sort()).toEqual(everything)
    expect(watched.fromPosition.listed).toEqual([])
    expect(watched.historyLost.listed.sort()).toEqual(everything)
    for (const { peakMiB } of Object.values(watched)) expect(peakMiB * 1.048576).toBeLessThan(200)
  },
  600_000,
)
