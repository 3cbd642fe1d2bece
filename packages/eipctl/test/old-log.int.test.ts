import { createTestDatabase, redisUrlForTests } from '@pod-eip/devstack'
import { createPool, createPostgresEventLog, migrate } from '@pod-eip/event-log'
import { createRedisLogMark, createRedisPresence, producerConnection } from '@pod-eip/queue'
import { createPostgresReadModels } from '@pod-eip/read-models'
import { SettingsError, seededRandom, systemClock, systemIds } from '@pod-eip/runtime'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logStanding } from '../src/connect/log-standing.ts'
import { runCli } from '../src/index.ts'

const database = await createTestDatabase()
const cluster = `cls-${systemIds.next()}`
const prefix = `{pod-eip:${cluster}}`
const redisUrl = await redisUrlForTests()
const redis = producerConnection(redisUrl)
const env: Record<string, string> = {
  DATABASE_URL: database.url,
  POD_EIP_DATABASE_SCHEMA: database.schema,
  REDIS_URL: redisUrl,
}
const pool = createPool({ url: database.url, applicationName: 'old log test', max: 2 })
const common = { clock: systemClock, random: seededRandom(1) }
const log = createPostgresEventLog({ pool, schema: database.schema, ...common })
const mark = createRedisLogMark({ redis, prefix })

function event(type: string, data: Record<string, string | number>) {
  return {
    ...{ stream: 'cluster', type, schemaVersion: 1, occurredAt: new Date().toISOString(), actor: 'test' },
    ...{ correlationId: 'c', causationPosition: null, data },
  }
}

async function eipctl(environment: Record<string, string>, ...argv: string[]) {
  const out: string[] = []
  const err: string[] = []
  const code = await runCli(argv, {
    open: async () => ({
      log,
      readModels: createPostgresReadModels(pool, database.schema),
      wentBack: async () => (await logStanding(environment, log))?.wentBack ?? '',
      close: async () => {},
    }),
    environment: () => environment,
    user: () => 'somebody',
    now: () => 0,
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    signal: new AbortController().signal,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

const logFinding = async (environment: Record<string, string>) => {
  const found = JSON.parse((await eipctl(environment, 'doctor', '--json')).out)
  return found.find(({ check }: { check: string }) => check === 'log')
}

beforeAll(async () => {
  await migrate({ pool, schema: database.schema })
  await redis.connect()
  await log.append([event('ClusterNamed', { clusterId: cluster })])
})
afterAll(async () => {
  await redis.del(`${prefix}:log`, `${prefix}:running`)
  redis.disconnect()
  await log.close()
  await pool.end()
  await database.drop()
})

test('a log that reaches its mark is ok, and nobody is warned', async () => {
  expect(await logFinding(env)).toMatchObject({ state: 'not checked' })
  const [named] = await log.read({ after: 0, limit: 1 })
  await mark.write({ position: 1, hash: named!.hash })
  expect(await logFinding(env)).toMatchObject({ state: 'ok', says: expect.stringContaining('event 1.') })
  expect(await eipctl(env, 'claims')).toMatchObject({ code: 0, err: '' })
})

test('of one that went back doctor says so and fails, others warn, teardown does nothing', async () => {
  await mark.write({ position: 4_711, hash: 'other' })
  const says = expect.stringMatching(
    /^The event log went back: it had come to event 4711, and it ends at event 1/,
  )
  expect(await logFinding(env)).toEqual({ check: 'log', state: 'fail', says })
  expect((await eipctl(env, 'doctor')).code).toBe(1)
  const { code, out, err } = await eipctl(env, 'claims')
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('no open claim') })
  expect(err).toMatch(/^eipctl: warning: The event log went back: /)
  // Without Redis nobody knows.
  const { REDIS_URL: _, ...without } = env
  expect((await eipctl(without, 'claims')).err).toBe('')
  expect(await logFinding(without)).toBeUndefined()

  for (const more of [[], ['--yes'], ['--cancel']]) {
    const refused = await eipctl(env, 'teardown', '--cluster', cluster, ...more).catch((error) => error)
    expect(refused).toBeInstanceOf(SettingsError)
    expect(refused.message).toEqual(says)
  }
})

test('recover is refused while any service that writes runs, also one that only stands still', async () => {
  const some = [
    createRedisPresence({ redis, prefix }, { service: 'watcher', id: 'a' }),
    createRedisPresence({ redis, prefix }, { service: 'watcher', id: 'b' }),
    createRedisPresence({ redis, prefix }, { service: 'publisher', id: 'c' }),
  ]
  for (const presence of some) await presence.tell()
  const refusal = async () =>
    ((await eipctl(env, 'recover', '--yes').catch((error) => error)) as Error).message
  expect(await refusal()).toBe(
    `Services of cluster ${cluster} run (publisher, watcher): stop all of them first, for what they do meanwhile would not be seen; one that was killed counts for 10 s more.`,
  )
  await some[0]!.leave()
  await some[2]!.leave()
  expect(await refusal()).toContain('(watcher)')
  await some[1]!.leave()
  // It goes on to what comes next, and there is no cluster here.
  expect(await refusal()).not.toContain('run (')
})

test('a projector that is far behind is not ok, however young the events', async () => {
  await log.append(Array.from({ length: 500 }, (_, n) => event('Unfolded', { n })))
  const found = JSON.parse((await eipctl(env, 'doctor', '--json')).out)
  expect(found.find(({ check }: { check: string }) => check === 'projector')).toMatchObject({
    state: 'warn',
    says: expect.stringMatching(/501 behind: look again in a minute\.$/),
  })
})
