import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerUser, spawnGuarded, startEmbeddedPostgres, startEmbeddedValkey } from '@pod-eip/devstack'

/**
 * Runs vitest with DATABASE_URL and REDIS_URL of this machine's own Postgres 15 and Redis, each started for
 * it as its own user on a free port, with data in a temporary folder:
 * `node scripts/boot.mjs installed-stores VITEST-ARGS...`. Everything ends with this program.
 */
const programs = '/usr/lib/postgresql/15/bin'
if (!existsSync(programs)) throw new Error(`there is no Postgres 15 in ${programs}`)

const folder = mkdtempSync(join(tmpdir(), 'pod-eip-installed-'))
try {
  process.exitCode = await runVitest()
} finally {
  rmSync(folder, { recursive: true, force: true })
}

async function runVitest(): Promise<number> {
  const postgresUser = userNamed('postgres')
  const redisUser = userNamed('redis')
  // initdb before Postgres 16 walks to its working folder by path.
  if (postgresUser) chownSync(folder, postgresUser.uid, postgresUser.gid)
  const postgres = await startEmbeddedPostgres({
    dataDir: join(folder, 'postgres'),
    installed: { programs, user: postgresUser },
  })
  const redis = await startEmbeddedValkey(redisUser ? { user: redisUser } : {})
  console.log(`stores: ${postgres.description}, ${redis.description}`)

  const vitest = await spawnGuarded({
    command: process.execPath,
    args: [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...process.argv.slice(2)],
    env: { ...process.env, DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    stopSignal: 'TERM',
    output: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => vitest.stop())
  // A guarded program does not keep us alive by itself.
  const alive = setInterval(() => {}, 60_000)
  const exitCode = await vitest.exited
  clearInterval(alive)
  await Promise.all([postgres.stop(), redis.stop()])
  return exitCode
}

/** The user of this name when we are root; undefined is ourselves. */
function userNamed(name: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
