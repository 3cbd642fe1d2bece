import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The folder in which `npm start` keeps what must outlive it. */
export interface DataDir {
  path: string
  file(name: string): string
  /** Tells eipctl where the stores are, while they run; readable by the owner only, for it has a password. */
  remember(stores: Record<string, string>): void
  forget(): void
  /** Lets another start use it. */
  unlock(): void
}

/**
 * Opens the folder, made if missing; with `fresh`, emptied first. Only one start at a time may use it.
 * @throws one sentence when another one does
 */
export function openDataDir(path: string, fresh: boolean): DataDir {
  const dir = resolve(path)
  const lock = join(dir, 'pid')
  const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
  if (owner && owner !== process.pid && isAlive(owner)) {
    throw new Error(
      `another npm start (process ${owner}) uses ${path}; stop it, or take another folder with --dir`,
    )
  }
  if (fresh) rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  // The embedded Postgres runs as another user when we are root, and must pass through.
  chmodSync(dir, 0o755)
  writeFileSync(lock, String(process.pid))
  return {
    path: dir,
    file: (name) => join(dir, name),
    remember: (stores) => writeFileSync(join(dir, 'stores.json'), JSON.stringify(stores), { mode: 0o600 }),
    forget: () => rmSync(join(dir, 'stores.json'), { force: true }),
    unlock: () => rmSync(lock, { force: true }),
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
