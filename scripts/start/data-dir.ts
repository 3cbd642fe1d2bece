import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The folder in which `npm start` keeps what must outlive it. */
export interface DataDir {
  path: string
  file(name: string): string
  /** Tells eipctl where stores, cluster and cloud are, while they run; readable by the owner only, for it has a password. */
  remember(stores: Record<string, string>): void
  forget(): void
  /** Lets another start use it. */
  unlock(): void
}

/** All that a start writes. With `fresh` this goes, and nothing else: the folder may be anybody's. */
const ours = [
  ...['postgres', 'valkey', 'cluster.json', 'cloud.json', 'examples-applied'],
  ...['kubeconfig', 'stores.json', 'pod-eip.log'],
]

/**
 * Opens the folder, made if missing; with `fresh`, without what earlier starts kept. Only one start at a
 * time may use it.
 * @throws one sentence when another one does
 */
export function openDataDir(path: string, fresh: boolean): DataDir {
  const dir = resolve(path)
  mkdirSync(dir, { recursive: true })
  const file = (name: string) => join(dir, name)
  const lock = file('pid')
  takeLock(lock, path)
  if (fresh) for (const name of ours) rmSync(file(name), { recursive: true, force: true })
  return {
    path: dir,
    file,
    remember: (stores) => writeFileSync(file('stores.json'), JSON.stringify(stores), { mode: 0o600 }),
    forget: () => rmSync(file('stores.json'), { force: true }),
    unlock: () => rmSync(lock, { force: true }),
  }
}

function takeLock(lock: string, path: string): void {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = Number(readFileSync(lock, 'utf8'))
    if (owner !== process.pid && isStart(owner)) {
      throw new Error(
        `another npm start (process ${owner}) uses ${path}: stop it, or take another folder with --dir`,
      )
    }
    rmSync(lock, { force: true })
  }
  throw new Error(`other starts fight for ${path}: start again, or take another folder with --dir`)
}

/** Whether that process runs and is a start: after a power cut its number may be anybody's. */
function isStart(pid: number): boolean {
  if (!pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('scripts/start/main.ts')
  } catch {
    return true
  }
}
