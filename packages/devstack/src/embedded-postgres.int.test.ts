import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { freePort, startEmbeddedPostgres } from './index.ts'
import { canReach, copyFor, postgresBinaries, serverUser } from './postgres-binaries.ts'
import { userOf } from './testing/marked-processes.ts'

/** A folder of mode 0700 that belongs to us; as root, the server's user may not enter it. */
let folder: string
let dataDir: string
const cleanups: (() => Promise<unknown>)[] = []

/** A new cluster, made once and copied where a test does not look at how it is made. */
let template: string

beforeAll(async () => {
  template = await mkdtemp(join(tmpdir(), 'pod eip template-'))
  await (await startEmbeddedPostgres({ dataDir: join(template, 'postgres') })).stop()
})
afterAll(() => rm(template, { recursive: true, force: true }))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pod eip devstack-'))
  dataDir = join(folder, 'postgres')
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  await rm(folder, { recursive: true, force: true })
})

async function start(port?: number) {
  const server = await startEmbeddedPostgres({ dataDir, ...(port === undefined ? {} : { port }) })
  cleanups.push(server.stop)
  return server
}

async function useTemplate(): Promise<void> {
  await promisify(execFile)('cp', ['-a', join(template, 'postgres'), dataDir])
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('data and password are kept over a restart', async () => {
  await useTemplate()
  const first = await start()
  await query(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  await expect(query(first.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/)

  const second = await start()
  expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }])
  expect(new URL(second.url).password).toBe(new URL(first.url).password)
})

test('it writes to disk before it says so, wants the password, and listens on 127.0.0.1 only', async () => {
  await useTemplate()
  const { url } = await start()
  const settings = await query(
    url,
    `select current_setting('fsync') as fsync, current_setting('listen_addresses') as addresses,
            current_setting('unix_socket_directories') as sockets`,
  )
  expect(settings).toEqual([{ fsync: 'on', addresses: '127.0.0.1', sockets: '' }])

  const wrong = new URL(url)
  wrong.password = 'guessed'
  await expect(query(wrong.href, 'select 1')).rejects.toThrow(/password authentication failed/)
  expect((await stat(join(dataDir, 'password'))).mode & 0o777).toBe(0o600)
})

test('the server never runs as root', async () => {
  await useTemplate()
  await start()
  const lockFile = await readFile(join(dataDir, 'cluster', 'postmaster.pid'), 'utf8')
  expect(userOf(Number.parseInt(lockFile, 10))).toBe(serverUser()?.uid ?? process.getuid?.())
})

test('a taken port is reported in one sentence, with no server left running', async () => {
  await useTemplate()
  const other = createServer()
  const port = await freePort()
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => other.close(resolve)))
  await expect(start(port)).rejects.toThrow(
    new RegExp(`port ${port} of 127.0.0.1 because another program does`),
  )
  expect(existsSync(join(dataDir, 'cluster', 'postmaster.pid'))).toBe(false)
})

test('a wanted port is used', async () => {
  await useTemplate()
  const port = await freePort()
  expect(new URL((await start(port)).url).port).toBe(String(port))
})

test('a second server on the same data is refused, and the first goes on', async () => {
  await useTemplate()
  const { url } = await start()
  await expect(start()).rejects.toThrow(/Postgres already runs on .*: stop the pod-eip that uses it first/)
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a lock file whose process id now belongs to a stranger does not stop it', async () => {
  await useTemplate()
  await (await start()).stop()
  await writeFile(join(dataDir, 'cluster', 'postmaster.pid'), `${process.pid}\n/gone\n`)
  expect(await query((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('what a killed first start left behind is cleared away', async () => {
  const leftover = `${dataDir}.new-999999999-abcd`
  await mkdir(join(leftover, 'cluster'), { recursive: true })
  await start()
  expect(await readdir(folder)).toEqual(['postgres'])
})

test('a folder with other files is left alone', async () => {
  await mkdir(dataDir)
  await writeFile(join(dataDir, 'thesis.txt'), 'mine')
  await expect(start()).rejects.toThrow(/holds files that are not pod-eip's Postgres data/)
  expect(await readdir(folder)).toEqual(['postgres'])
  expect(await readFile(join(dataDir, 'thesis.txt'), 'utf8')).toBe('mine')
})

test("another major version's data is refused in one sentence", async () => {
  await useTemplate()
  await (await start()).stop()
  await writeFile(join(dataDir, 'cluster', 'PG_VERSION'), '14\n')
  await expect(start()).rejects.toThrow(
    /holds data of Postgres 14, but this is Postgres \d+: move the folder away/,
  )
})

test('programs below a closed folder are copied to where the server can run them', async () => {
  const own = { uid: process.getuid!(), gid: process.getgid!() }
  const stranger = { uid: own.uid + 12345, gid: own.gid + 12345 }
  expect(canReach(folder, own)).toBe(true)
  expect(canReach(folder, stranger)).toBe(false)

  const { postgres } = postgresBinaries(undefined)
  const copy = copyFor(serverUser() ?? own, join(dirname(postgres), '..'))
  cleanups.push(() => rm(copy.temporary!, { recursive: true, force: true }))
  expect((await stat(copy.postgres)).mode & 0o555).toBe(0o555)
  expect((await stat(dirname(copy.postgres))).uid).toBe(serverUser()?.uid ?? own.uid)
})
