import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startAllInOne } from '@pod-eip/all-in-one'
import { startApi } from '@pod-eip/api'
import { createTestDatabase } from '@pod-eip/devstack'
import { startProjector } from '@pod-eip/projector'
import { startPublisher } from '@pod-eip/publisher'
import { SettingsError, type StartedService, StoreError } from '@pod-eip/runtime'
import { startWatcher } from '@pod-eip/watcher'
import { startWorker } from '@pod-eip/worker'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../contract/until.ts'
import { startCloud, type TestCloud } from '../e2e/harness/cloud.ts'
import { startCluster, type TestCluster } from '../e2e/harness/cluster.ts'
import { createEipctl } from '../e2e/harness/commands.ts'
import { root } from '../e2e/harness/services.ts'
import { startServiceProcess } from '../processes/service-process.ts'
import { startTlsStores, type TlsStores } from './stores-with-tls.ts'

type Start = (env: NodeJS.ProcessEnv, argv: string[]) => Promise<StartedService>

let stores: TlsStores
let cluster: TestCluster
let cloud: TestCloud
let dir: string
/** Everything that was printed by anybody. */
let printed = ''

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pod-eip-tls-services-'))
  ;[stores, cloud, cluster] = await Promise.all([
    startTlsStores(),
    startCloud(),
    startCluster('simulated', [8], dir),
  ])
})
afterAll(async () => {
  await Promise.all([stores?.stop(), cloud?.close(), cluster?.close()])
  await rm(dir, { recursive: true, force: true })
})

/** The environment of a service whose stores are as they should be, but for what is given. */
const environment = (changes: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: dir,
  ...cloud.env,
  KUBECONFIG: cluster.kubeconfig,
  POD_EIP_CLUSTER: 'kubernetes',
  POD_EIP_CLUSTER_ID: 'cls-tls',
  POD_EIP_API_PORT: '0',
  POD_EIP_LOG_LEVEL: 'debug',
  POD_EIP_LOG_FILE: join(dir, 'log'),
  DATABASE_URL: stores.postgres('tls_only'),
  POD_EIP_DATABASE_TLS_DIR: stores.folders.trusting,
  REDIS_URL: stores.redis.tls,
  POD_EIP_REDIS_TLS_DIR: stores.folders.trusting,
  ...changes,
})

/** Runs services in this process until each says that it is ready: the watcher waits for what the publisher makes. */
async function work(starts: Start[], env: Record<string, string>): Promise<void> {
  const started = await Promise.all(starts.map((start) => start(env, [])))
  const stop = new AbortController()
  const running = started.map(({ service }) => service.run(stop.signal))
  await until('they are ready', () => started.every(({ service }) => service.health().ready), 240_000)
  const connections = await stores.query(
    `select distinct ssl from pg_stat_ssl join pg_stat_activity using (pid) where application_name like 'pod-eip %'`,
  )
  expect(connections).toEqual([{ ssl: true }])
  stop.abort()
  await Promise.all(running)
  await Promise.all(started.map(({ service }) => service.close()))
}

/** What a projector says that is not to start. */
async function refused(env: Record<string, string>): Promise<Error> {
  const error = await startProjector(env, []).then(
    () => new Error('it has started'),
    (reason: Error) => reason,
  )
  printed += error.stack
  return error
}

/** A program that is to end by itself: its one line, and its exit code. */
async function ends(env: Record<string, string>): Promise<{ says: string; code: number | null }> {
  const args = ['services/projector/src/main.ts']
  const running = await startServiceProcess({ folder: root, args, env })
  const code = await running.ended
  printed += running.words()
  const lines = running.words().trim().split('\n')
  expect(lines, running.words()).toHaveLength(1)
  return { says: lines[0]!, code }
}

describe('stores within TLS, of an authority that is given as a folder,', () => {
  test('are what the five services work with', () =>
    work([startProjector, startWatcher, startWorker, startPublisher, startApi], environment()))

  test('are what all five in one process work with', () => work([startAllInOne], environment()))

  test('may want a certificate of their clients', () =>
    work(
      [startProjector],
      environment({
        DATABASE_URL: stores.postgres('by_cert'),
        POD_EIP_DATABASE_TLS_DIR: stores.folders.trustingWithOwn,
        REDIS_URL: stores.redis.byCert,
        POD_EIP_REDIS_TLS_DIR: stores.folders.trustingWithOwn,
      }),
    ))

  test('may have their authority in the URL instead', () => {
    const authority = `sslrootcert=${encodeURIComponent(join(stores.folders.trusting, 'ca.crt'))}`
    return work(
      [startProjector],
      environment({
        DATABASE_URL: `${stores.postgres('tls_only')}?sslmode=verify-full&${authority}`,
        POD_EIP_DATABASE_TLS_DIR: '',
        REDIS_URL: `${stores.redis.tls}?${authority}`,
        POD_EIP_REDIS_TLS_DIR: '',
      }),
    )
  })

  test('are what eipctl reads and examines', async () => {
    const eipctl = createEipctl(environment())
    const claims = await eipctl('claims')
    expect(claims).toMatchObject({ exitCode: 0, stderr: '' })
    const doctor = await eipctl('doctor')
    expect(doctor.stdout).toMatch(/^database +ok +Postgres .* answers at localhost/m)
    expect(doctor.stdout).toMatch(/^redis +ok +.* answers at localhost/m)
    const wrong = environment({
      POD_EIP_DATABASE_TLS_DIR: stores.folders.trustingAnother,
      POD_EIP_REDIS_TLS_DIR: stores.folders.trustingAnother,
    })
    const untrusting = createEipctl(wrong)
    const refusal = await untrusting('claims')
    expect(refusal.exitCode).toBe(1)
    expect(refusal.stderr).toContain('certificate of an authority that is not trusted here')
    const examined = await untrusting('doctor')
    // Postgres, Redis, and what goes by the mark in Redis.
    expect(examined.stdout.match(/authority that is not trusted here/g)).toHaveLength(3)
    for (const { stdout, stderr } of [claims, doctor, refusal, examined]) printed += stdout + stderr
  })
})

describe('one sentence and an exit code tell of', () => {
  const untrusted = 'has a certificate of an authority that is not trusted here'
  const anotherHost = 'has a certificate for another host (DNS:localhost)'
  const lets = 'does not let this user in; correct user and password'
  const plainRedis = { POD_EIP_REDIS_TLS_DIR: '' }

  test.each<[string, () => Record<string, string>, string]>([
    [
      'another authority of Postgres',
      () => ({ POD_EIP_DATABASE_TLS_DIR: stores.folders.trustingAnother }),
      untrusted,
    ],
    [
      'no authority of Postgres',
      () => ({
        DATABASE_URL: `${stores.postgres('tls_only')}?sslmode=require`,
        POD_EIP_DATABASE_TLS_DIR: '',
      }),
      untrusted,
    ],
    [
      'another name of Postgres',
      () => ({ DATABASE_URL: stores.postgres('tls_only', '127.0.0.1') }),
      anotherHost,
    ],
    [
      'a Postgres that wants TLS',
      () => ({ DATABASE_URL: stores.postgres('tls_only'), POD_EIP_DATABASE_TLS_DIR: '' }),
      'takes no connection without TLS; add sslmode=verify-full',
    ],
    [
      'a Postgres that wants a certificate',
      () => ({ DATABASE_URL: stores.postgres('by_cert') }),
      'wants a client certificate',
    ],
    [
      'a wrong password of Postgres',
      () => ({ DATABASE_URL: stores.postgres('tls_only').replace('swordfish', 'swordfish-wrong') }),
      lets,
    ],
    [
      'another authority of Redis',
      () => ({ POD_EIP_REDIS_TLS_DIR: stores.folders.trustingAnother }),
      untrusted,
    ],
    ['no authority of Redis', () => plainRedis, untrusted],
    [
      'another name of Redis',
      () => ({ REDIS_URL: stores.redis.tls.replace('localhost', '127.0.0.1') }),
      anotherHost,
    ],
    [
      'a Redis whose certificate has expired',
      () => ({ REDIS_URL: stores.redis.expired }),
      'has a certificate that has expired',
    ],
    [
      'a Redis that wants a certificate',
      () => ({ REDIS_URL: stores.redis.byCert }),
      'wants a client certificate',
    ],
    [
      'a Redis that wants TLS',
      () => ({ ...plainRedis, REDIS_URL: stores.redis.tls.replace('rediss', 'redis') }),
      'broke the connection off; see what it logs, and whether it wants TLS',
    ],
    [
      'a Redis without TLS',
      () => ({ REDIS_URL: stores.redis.plain.replace('redis:', 'rediss:') }),
      'whether it speaks TLS there',
    ],
    [
      'a wrong password of Redis',
      () => ({ REDIS_URL: stores.redis.tls.replace('rediss://:', 'rediss://:wrong-') }),
      lets,
    ],
  ])('%s', async (_, changes, sentence) => {
    const error = await refused(environment(changes()))
    expect(error).toBeInstanceOf(StoreError)
    expect(error.message).toMatch(
      /^(Postgres at DATABASE_URL|Redis at REDIS_URL) \((localhost|127\.0\.0\.1):\d+\) /,
    )
    expect(error.message).toContain(sentence)
    expect(error.message).not.toContain('\n')
  })

  test('a Postgres without TLS', async () => {
    const database = await createTestDatabase()
    const error = await refused(environment({ DATABASE_URL: database.url }))
    await database.drop()
    expect(error.message).toContain('does not speak TLS there')
  })

  test.each<[string, () => Record<string, string>, string]>([
    [
      'a folder without certificates',
      () => ({ POD_EIP_DATABASE_TLS_DIR: stores.folders.empty }),
      'there must be ca.crt, or tls.crt with tls.key, or all three; there is none of them',
    ],
    [
      'a file that is not there',
      () => ({
        DATABASE_URL: `${stores.postgres('tls_only')}?sslrootcert=/nowhere/ca.crt`,
        POD_EIP_DATABASE_TLS_DIR: '',
      }),
      'sslrootcert of DATABASE_URL is "/nowhere/ca.crt": there is no such file',
    ],
    [
      'certificates for a connection without TLS',
      () => ({ REDIS_URL: stores.redis.plain }),
      'write rediss:// for TLS',
    ],
    [
      'a database that is to be without TLS and with it',
      () => ({ DATABASE_URL: `${stores.postgres('tls_only')}?sslmode=disable` }),
      'DATABASE_URL says sslmode=disable',
    ],
    [
      'a URL of something else',
      () => ({ DATABASE_URL: stores.postgres('tls_only').replace('postgres:', 'mysql:') }),
      'DATABASE_URL is set, but wrong: not a URL with postgres:',
    ],
  ])('%s', async (_, changes, sentence) => {
    const error = await refused(environment(changes()))
    expect(error).toBeInstanceOf(SettingsError)
    expect(error.message).toContain(sentence)
  })
})

test('of a program it is the one line that it prints', async () => {
  const another = { POD_EIP_DATABASE_TLS_DIR: stores.folders.trustingAnother }
  const store = await ends(environment(another))
  expect(store).toMatchObject({
    code: 1,
    says: expect.stringMatching(/^projector: Postgres at DATABASE_URL/),
  })
  const setting = await ends(environment({ POD_EIP_DATABASE_TLS_DIR: stores.folders.empty }))
  expect(setting).toMatchObject({
    code: 2,
    says: expect.stringMatching(/^projector: POD_EIP_DATABASE_TLS_DIR/),
  })
})

test('no password was printed by any of them', async () => {
  printed += await readFile(environment().POD_EIP_LOG_FILE!, 'utf8')
  expect(printed.length).toBeGreaterThan(10_000)
  for (const secret of stores.secrets) expect(printed).not.toContain(secret)
})
