import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, readFile, readlink, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { systemClock } from '@pod-eip/runtime'
import type { PostgresBinaries, ServerUser } from './postgres-binaries.ts'

/** The database superuser and the database that the URL names. */
export const databaseUser = 'pod_eip'
export const databaseName = 'pod_eip'

/** Postgres' data on disk: `cluster/` is Postgres' own, `password` (0600) is the superuser's. */
export interface PostgresCluster {
  folder: string
  password: string
}

/**
 * The server's working folder is its data folder, and it is named by this path: so it never has to walk
 * down from `/`, and works below folders that its user may not enter.
 */
export const dataFolderArgument = '/proc/self/cwd'

/**
 * Makes the cluster if there is none. It is made beside `dataDir` and renamed into place when complete, so
 * that being killed half-way leaves nothing that looks like a cluster. Idempotent; two callers at once end
 * up with one cluster.
 *
 * @throws one sentence when `dataDir` holds something else, or another major version's data
 */
export async function ensureCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
): Promise<PostgresCluster> {
  await mkdir(dirname(dataDir), { recursive: true })
  await removeLeftovers(dataDir)
  const cluster = { folder: join(dataDir, 'cluster'), passwordFile: join(dataDir, 'password') }
  if (!(await exists(cluster.passwordFile))) await createCluster(dataDir, binaries, user)

  await refuseOtherVersion(dataDir, cluster.folder, binaries)
  return { folder: cluster.folder, password: (await readFile(cluster.passwordFile, 'utf8')).trim() }
}

async function createCluster(
  dataDir: string,
  binaries: PostgresBinaries,
  user: ServerUser | undefined,
): Promise<void> {
  const staging = `${dataDir}.new-${process.pid}-${randomBytes(4).toString('hex')}`
  const folder = join(staging, 'cluster')
  const passwordFile = join(staging, 'password')
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFile(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 })
    if (user) {
      for (const path of [staging, folder, passwordFile]) await chown(path, user.uid, user.gid)
    }
    await promisify(execFile)(
      binaries.initdb,
      [
        ...['--pgdata', dataFolderArgument, '--username', databaseUser, '--pwfile', '../password'],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-locale', '--no-instructions'],
      ],
      { cwd: folder, env: serverEnvironment(), uid: user?.uid, gid: user?.gid },
    )
    await rename(staging, dataDir)
  } catch (error) {
    await rm(staging, { recursive: true, force: true })
    if (isCode(error, 'ENOTEMPTY') || isCode(error, 'EEXIST')) {
      if (await exists(join(dataDir, 'password'))) return
      throw new Error(
        `${dataDir} holds files that are not pod-eip's Postgres data: name another folder or empty it`,
      )
    }
    throw new Error(`Postgres could not create its data in ${dataDir}: ${firstComplaint(error)}`)
  }
}

/** Removes what killed attempts left beside the data folder; an attempt names its process. */
async function removeLeftovers(dataDir: string): Promise<void> {
  const prefix = `${basename(dataDir)}.new-`
  for (const name of await readdir(dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue
    const pid = Number.parseInt(name.slice(prefix.length), 10)
    if (!isAlive(pid)) await rm(join(dirname(dataDir), name), { recursive: true, force: true })
  }
}

async function refuseOtherVersion(
  dataDir: string,
  folder: string,
  binaries: PostgresBinaries,
): Promise<void> {
  const data = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim()
  const { stdout } = await promisify(execFile)(binaries.postgres, ['--version'])
  const program = /\d+/.exec(stdout)?.[0]
  if (data === program) return
  throw new Error(
    `${dataDir} holds data of Postgres ${data}, but this is Postgres ${program}: move the folder away, or set DATABASE_URL to a Postgres ${data} that serves it`,
  )
}

/**
 * Makes sure that no other server runs on this data. One whose parent has just been killed is given time to
 * end. A lock file left by a dead server is removed even if its process id now belongs to another program,
 * as happens when a container starts again.
 *
 * @throws one sentence when a server still runs on it
 */
export async function awaitNoServer(folder: string): Promise<void> {
  const lockFile = join(folder, 'postmaster.pid')
  const pauseMs = 50
  for (let waited = 0; ; waited += pauseMs) {
    const text = await readFile(lockFile, 'utf8').catch(() => '')
    if (text === '') return
    const pid = Number.parseInt(text, 10)
    if (!(await servesFolder(pid, folder))) return rm(lockFile, { force: true })
    // A guard tells its server to stop at once; writing everything to disk then takes what it takes.
    const patience = /^stopping/m.test(text) ? 30_000 : 2_000
    if (waited >= patience) {
      throw new Error(
        `Postgres already runs on ${dirname(folder)} (process ${pid}): stop the pod-eip that uses it first, or name another folder`,
      )
    }
    await systemClock.sleep(pauseMs)
  }
}

/** A server's working folder is its data folder, which tells it from a stranger with the same id. */
async function servesFolder(pid: number, folder: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  const cwd = await stat(`/proc/${pid}/cwd`).catch(() => undefined)
  const own = await stat(folder)
  if (cwd) return cwd.ino === own.ino && cwd.dev === own.dev
  // Another user's process cannot be looked into; Postgres' own check decides.
  return (await readlink(`/proc/${pid}/cwd`).catch((error) => error.code)) === 'EACCES'
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

/** Our environment without the variables that change what Postgres' programs do. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG|LD_)/.test(name))
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' }
}

function firstComplaint(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : ''
  return /(?:error|fatal): (.*)/i.exec(text)?.[1] ?? (error instanceof Error ? error.message : String(error))
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
