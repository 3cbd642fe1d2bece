import { open, readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { systemClock } from '@pod-eip/runtime'
import pg from 'pg'
import { onPort } from './free-port.ts'
import {
  binariesIn,
  type PostgresBinaries,
  postgresBinaries,
  type ServerUser,
  serverUser,
} from './postgres-binaries.ts'
import {
  awaitNoServer,
  databaseName,
  databaseUser,
  dataFolderArgument,
  ensureCluster,
  type PostgresCluster,
  serverEnvironment,
} from './postgres-cluster.ts'
import { type GuardedProcess, spawnGuarded } from './process-guard.ts'

export interface EmbeddedPostgresOptions {
  /** Folder of the data; made if missing, kept over restarts. */
  dataDir: string
  /** Remove the data when the server ends, whatever ends it. */
  throwAway?: boolean
  /** Port on 127.0.0.1; unset or 0 takes a free one. */
  port?: number
  /** Server settings over the defaults, such as `{ fsync: 'off' }` for throw-away data. */
  settings?: Readonly<Record<string, string>>
  /** A Postgres of the machine instead of npm's: its folder of programs and the user to run them as. */
  installed?: { programs: string; user: ServerUser | undefined }
}

/** A running server of ours. */
export interface EmbeddedStore {
  /** Connection URL, with its password. */
  url: string
  /** Where it came from, for people: such as `embedded Postgres 18.4`. */
  description: string
  /** Ends the server in good order. Safe to call twice. */
  stop(): Promise<void>
}

const startTimeoutMs = 60_000

/**
 * Starts the Postgres that npm brought, listening on 127.0.0.1 only. It ends when this process ends,
 * whatever ends it. As root it runs as user 65534, since Postgres refuses to run as root.
 *
 * @throws one sentence when the platform has no embedded Postgres, the port is taken, the data folder
 *   is in use or unusable
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedStore> {
  const dataDir = resolve(options.dataDir)
  const user = options.installed ? options.installed.user : serverUser()
  const findBinaries = () =>
    options.installed ? binariesIn(options.installed.programs) : postgresBinaries(user)
  let prepared: PostgresBinaries | undefined = findBinaries()
  const cluster = await prepareCluster(dataDir, prepared, user)

  return onPort('Postgres', options.port, async (port) => {
    // A server that ended has taken its copy of the programs along.
    const binaries = prepared ?? findBinaries()
    prepared = undefined
    const logFile = join(dataDir, 'postgres.log')
    const server = await launch({
      binaries,
      cluster,
      logFile,
      port,
      settings: options.settings ?? {},
      throwAway: options.throwAway ? dataDir : undefined,
      user,
    })
    const url = (database: string) =>
      `postgres://${databaseUser}:${cluster.password}@127.0.0.1:${port}/${database}`
    const version = await awaitReady(server, url('postgres'))
    if (version === undefined) {
      await server.stop(0)
      const log = await readFile(logFile, 'utf8')
      if (/Address already in use/i.test(log)) return 'port-taken'
      throw new Error(`Postgres did not start on ${dataDir}: ${lastComplaint(log)} (see ${logFile})`)
    }
    return {
      url: url(databaseName),
      description: `${options.installed ? 'installed' : 'embedded'} Postgres ${version}`,
      stop: () => server.stop(),
    }
  })
}

async function prepareCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
): Promise<PostgresCluster> {
  try {
    const cluster = await ensureCluster(dataDir, binaries, user)
    await awaitNoServer(cluster.folder)
    return cluster
  } catch (error) {
    if (binaries.temporary) await rm(binaries.temporary, { recursive: true, force: true })
    throw error
  }
}

async function launch(what: {
  binaries: PostgresBinaries
  cluster: PostgresCluster
  logFile: string
  port: number
  settings: Readonly<Record<string, string>>
  throwAway: string | undefined
  user: ServerUser | undefined
}): Promise<GuardedProcess> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(what.port),
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    ...what.settings,
  }
  const log = await open(what.logFile, 'w', 0o600)
  try {
    return await spawnGuarded({
      command: what.binaries.postgres,
      args: [
        '-D',
        dataFolderArgument,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      cwd: what.cluster.folder,
      env: serverEnvironment(),
      user: what.user,
      stopSignal: 'INT',
      output: log.fd,
      removeAtEnd: [what.binaries.temporary, what.throwAway].filter((folder) => folder !== undefined),
    })
  } finally {
    await log.close()
  }
}

/** The server's version once it answers and has our database; undefined when it ended or never answered. */
async function awaitReady(server: GuardedProcess, adminUrl: string): Promise<string | undefined> {
  const pauseMs = 20
  for (let waited = 0; waited < startTimeoutMs && server.running(); waited += pauseMs) {
    const client = new pg.Client({ connectionString: adminUrl })
    client.on('error', () => {})
    try {
      await client.connect()
      const { rows } = await client.query<{ version: string; ready: boolean }>(
        `select split_part(current_setting('server_version'), ' ', 1) as version,
                exists (select from pg_database where datname = $1) as ready`,
        [databaseName],
      )
      if (!rows[0]?.ready) await client.query(`create database ${databaseName}`)
      return rows[0]?.version
    } catch {
      await systemClock.sleep(pauseMs)
    } finally {
      await client.end().catch(() => {})
    }
  }
  return undefined
}

function lastComplaint(log: string): string {
  const complaints = [...log.matchAll(/(?:FATAL|PANIC|ERROR): +(.*)/g)]
  return complaints.at(-1)?.[1] ?? 'it said nothing'
}
