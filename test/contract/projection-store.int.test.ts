import { createTestDatabase } from '@pod-eip/devstack'
import { emptyClaim } from '@pod-eip/domain'
import { createMemoryEventLog, openEventLog } from '@pod-eip/event-log'
import {
  createMemoryModels,
  createMemoryProjectionStore,
  createPostgresProjectionStore,
  createPostgresReadModels,
  projectorCheckpoint,
} from '@pod-eip/read-models'
import { silentLogger, systemClock, systemRandom } from '@pod-eip/runtime'
import { afterEach, describe, expect, test } from 'vitest'
import { type ProjectionFixture, projectionStoreContract } from './projection-store.contract.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

describe('in memory', () => {
  projectionStoreContract(async () => {
    const log = createMemoryEventLog({ clock: systemClock })
    const readModels = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position)
    return {
      ...{ log, readModels, store: createMemoryProjectionStore(log, readModels.world) },
      async spoil() {
        const { addresses, claims } = readModels.world
        for (const [id, address] of addresses) addresses.set(id, { ...address, publicIp: '192.0.2.1' })
        claims.set('ns/never', { ...emptyClaim('ns/never'), position: 1 })
      },
    }
  })
})

async function openPostgres(): Promise<ProjectionFixture & { query: (sql: string) => Promise<unknown> }> {
  const { url, schema, drop } = await createTestDatabase()
  const { log, pool, close } = await openEventLog({
    ...{ url, schema, clock: systemClock, random: systemRandom, logger: silentLogger },
    applicationName: 'test',
  })
  cleanups.push(drop, close)
  return {
    log,
    readModels: createPostgresReadModels(pool, schema),
    store: createPostgresProjectionStore(log, pool, schema),
    query: (sql) => pool.query(sql.replaceAll(':schema', schema)),
    async spoil() {
      await pool.query(`update ${schema}.addresses set state = state || '{"publicIp": "192.0.2.1"}'`)
      await pool.query(`insert into ${schema}.claims (key, state) values ('ns/never', $1)`, [
        { ...emptyClaim('ns/never'), position: 1 },
      ])
    },
  }
}

describe('in Postgres', () => {
  projectionStoreContract(openPostgres)

  test('the database itself refuses two Pods that hold one address at once (I2)', async () => {
    const { query } = await openPostgres()
    const holding = (key: string, from: string, to: string) =>
      query(`insert into :schema.holdings (key, state) values ('${key}',
        '${JSON.stringify({ addressId: 'eip-1', publicIp: '1.2.3.4', claim: 'ns/a', from, to, position: 1 })}')`)
    await holding('one', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z')
    await holding('next', '2026-01-02T00:00:00Z', '')
    await expect(holding('overlapping', '2026-01-01T12:00:00Z', '2026-01-01T13:00:00Z')).rejects.toThrow(
      /one_holder_at_a_time/,
    )
  })
})
