import { createTestDatabase, redisUrlForTests, uniquePrefix } from '@pod-eip/devstack'
import { newEvent } from '@pod-eip/domain'
import { openEventLog } from '@pod-eip/event-log'
import { startProjector } from '@pod-eip/projector'
import { createRedisLogMark, producerConnection } from '@pod-eip/queue'
import { toNewEvent } from '@pod-eip/read-models'
import { type StartedService, seededIds, seededRandom, silentLogger, systemClock } from '@pod-eip/runtime'
import { createCloudSimulator, createSimulatedEipCloud, serveCloudSimulator } from '@pod-eip/simulators/cloud'
import { startWorker } from '@pod-eip/worker'
import { expect, test, vi } from 'vitest'

const account = { uin: '100000000001', secretId: 'AKIDsimulated', secretKey: 'simulated' }

test('a log that lacks an EIP of the cluster, with Redis empty as well: nobody works on it until it is recovered', async () => {
  const { url, schema, drop } = await createTestDatabase()
  const simulator = createCloudSimulator({
    ...{ clock: systemClock, random: seededRandom(1), ids: seededIds(seededRandom(2)) },
    config: { accounts: [account], regions: ['ap-guangzhou'] },
  })
  const server = await serveCloudSimulator(simulator, { port: 0 })
  const clusterId = uniquePrefix().replace(/[^A-Za-z0-9-]/g, '')
  const { addressIds } = await createSimulatedEipCloud(simulator, { clock: systemClock }).allocateAddresses({
    ...{ clientToken: 'newer', addressCount: 1, internetServiceProvider: 'BGP', addressName: 'web' },
    ...{ internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR', internetMaxBandwidthOut: 10 },
    tags: [
      { key: 'tke-clusterId', value: clusterId },
      { key: 'pod-eip/allocation', value: 'of-a-newer-log' },
    ],
  })
  const redisUrl = await redisUrlForTests()
  const env = {
    ...{ DATABASE_URL: url, POD_EIP_DATABASE_SCHEMA: schema, REDIS_URL: redisUrl },
    ...{ POD_EIP_CLUSTER_ID: clusterId, POD_EIP_LOG_LEVEL: 'silent', TENCENTCLOUD_REGION: 'ap-guangzhou' },
    ...{ TENCENTCLOUD_SECRET_ID: account.secretId, TENCENTCLOUD_SECRET_KEY: account.secretKey },
    POD_EIP_CLOUD_ENDPOINT: server.url,
  }
  const ending = new AbortController()
  const running: Promise<void>[] = []
  const run = ({ service }: StartedService) => {
    running.push(service.run(ending.signal).then(() => service.close()))
    return () => {
      const { ready, problem = '' } = service.health()
      return { ready, problem: String(problem) }
    }
  }
  const redis = producerConnection(redisUrl)
  try {
    const [projector, worker] = [run(await startProjector(env, [])), run(await startWorker(env, []))]
    await vi.waitFor(() => expect(worker().problem).toContain(`The cloud has EIP ${addressIds[0]}`), 60_000)
    expect(worker().ready).toBe(false)
    await vi.waitFor(
      () => expect(projector()).toMatchObject({ ready: false, problem: worker().problem }),
      60_000,
    )

    // As eipctl recover does.
    const { log, close } = await openEventLog({
      ...{ url, schema, logger: silentLogger, clock: systemClock, random: seededRandom(3) },
      applicationName: 'test',
    })
    const event = newEvent('LogRecovered', { recovery: 'r-1', claims: 0, by: 'Ann', left: addressIds })
    const occurredAt = new Date(systemClock.now()).toISOString()
    const origin = {
      occurredAt,
      actor: 'operator:Ann',
      correlationId: 'recovery/r-1',
      causationPosition: null,
    }
    await log.append([toNewEvent(event, origin)])
    await close()
    await redis.connect()
    await createRedisLogMark({ redis, prefix: `{pod-eip:${clusterId}}` }).setDoubt('')
    await vi.waitFor(() => expect(projector().problem).toBe(''), 60_000)
    const another = run(await startWorker(env, []))
    await vi.waitFor(() => expect(another()).toMatchObject({ ready: true, problem: '' }), 60_000)
  } finally {
    ending.abort()
    await Promise.all(running)
    redis.disconnect()
    await server.close()
    await drop()
  }
})
