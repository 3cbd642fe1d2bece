import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chown, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { spawnGuarded, startEmbeddedPostgres } from './index.ts'
import { canReach, serverUser } from './postgres-binaries.ts'
import { markedProcesses, userOf } from './testing/marked-processes.ts'

const program = fileURLToPath(new URL('./testing/hold-stores.ts', import.meta.url))
const deafProgram = fileURLToPath(new URL('./testing/hold-deaf.ts', import.meta.url))

let folder: string
let mark: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pod eip guard-'))
  mark = randomUUID()
})
afterEach(async () => {
  for (const pid of markedProcesses(mark)) process.kill(pid, 'SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** Starts the program that holds both stores; every process below it carries our mark. */
async function holdStores(user?: { uid: number; gid: number }) {
  const child = spawn(process.execPath, [program, join(folder, 'postgres')], {
    env: { ...process.env, POD_EIP_TEST_MARK: mark },
    stdio: ['ignore', 'pipe', 'inherit'],
    ...user,
  })
  for await (const line of createInterface(child.stdout)) {
    return { child, urls: JSON.parse(line) as { postgres: string; valkey: string } }
  }
  throw new Error('the program ended without its stores')
}

async function expectBothAnswer(urls: { postgres: string; valkey: string }): Promise<void> {
  const client = new pg.Client(urls.postgres)
  await client.connect()
  await client.query('create table if not exists proof (id int)')
  await client.end()
  const redis = new Redis(urls.valkey)
  expect(await redis.ping()).toBe('PONG')
  redis.disconnect()
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const exited = new Promise((resolve) => child.once('exit', resolve))
  child.kill(signal)
  await exited
}

function expectNothingLeft(): Promise<void> {
  return vi.waitFor(() => expect(markedProcesses(mark)).toEqual([]), { timeout: 20_000, interval: 50 })
}

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'no process outlives a parent that ends by %s, and its data can be used at once',
  async (signal) => {
    const { child, urls } = await holdStores()
    await expectBothAnswer(urls)
    expect(markedProcesses(mark).length).toBeGreaterThan(4)

    await end(child, signal)
    const next = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') })
    await next.stop()
    await expectNothingLeft()
  },
)

test('both stores run for a user without privileges', async () => {
  // Root plays such a user, if that user can read this clone at all.
  const other = serverUser()
  const user = other && canReach(dirname(program), other) ? other : undefined
  if (user) await chown(folder, user.uid, user.gid)
  const { child, urls } = await holdStores(user)
  await expectBothAnswer(urls)
  const uid = user?.uid ?? process.getuid?.()
  if (uid !== 0) expect(new Set(markedProcesses(mark).map(userOf))).toEqual(new Set([uid]))
  await end(child, 'SIGKILL')
  await expectNothingLeft()
})

test('a program that ends by itself is noticed, with its exit code', async () => {
  const guarded = await spawnGuarded({
    command: '/bin/sh',
    args: ['-c', 'exit 7'],
    env: { ...process.env, POD_EIP_TEST_MARK: mark },
    stopSignal: 'TERM',
    output: 'ignore',
  })
  expect(await guarded.exited).toBe(7)
  expect(guarded.running()).toBe(false)
  await expectNothingLeft()
})

test('its folders are removed once it has ended, whatever their names', async () => {
  const folders = [join(folder, 'one * two'), join(folder, 'three')]
  for (const path of folders) await mkdir(path)
  const guarded = await spawnGuarded({
    command: '/bin/sh',
    args: ['-c', 'exit 0'],
    stopSignal: 'TERM',
    output: 'ignore',
    removeAtEnd: folders,
  })
  await guarded.exited
  expect(await readdir(folder)).toEqual([])
})

test('a program that does not listen is ended by force', async () => {
  const guarded = await spawnGuarded({
    command: '/bin/sh',
    args: ['-c', 'trap "" TERM INT; while :; do sleep 1; done'],
    env: { ...process.env, POD_EIP_TEST_MARK: mark },
    stopSignal: 'TERM',
    output: 'ignore',
  })
  await guarded.stop(100)
  expect(guarded.running()).toBe(false)
  await expectNothingLeft()
})

test('a program that does not listen is ended by force when its parent was killed, with what it has started', async () => {
  const remove = join(folder, 'data')
  await mkdir(remove)
  const child = spawn(process.execPath, [deafProgram, remove], {
    env: { ...process.env, POD_EIP_TEST_MARK: mark },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('deaf')
  await end(child, 'SIGKILL')
  await expectNothingLeft()
  expect(await readdir(folder)).toEqual([])
})
