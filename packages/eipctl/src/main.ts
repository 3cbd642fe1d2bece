import { userInfo } from 'node:os'
import { createPool, createPostgresEventLog } from '@pod-eip/event-log'
import { createPostgresReadModels } from '@pod-eip/read-models'
import {
  connectionFault,
  databaseAddress,
  databaseSettings,
  forTerminal,
  readSettings,
  SettingsError,
  systemClock,
  systemRandom,
} from '@pod-eip/runtime'
import { runCli } from './cli.ts'
import { examined, withStore } from './environment.ts'
import type { Memory } from './memory.ts'

function openMemory(): Memory {
  const env = withStore(process.env)
  const settings = readSettings(databaseSettings, env)
  const { databaseSchema } = settings
  const pool = createPool({ url: databaseAddress(settings), applicationName: 'eipctl', max: 3 })
  const log = createPostgresEventLog({
    pool,
    schema: databaseSchema,
    clock: systemClock,
    random: systemRandom,
  })
  return {
    log,
    readModels: createPostgresReadModels(pool, databaseSchema),
    async wentBack() {
      if (!env.REDIS_URL) return ''
      // Loaded where it can be told only: no other command waits for it.
      const { logStanding } = await import('./connect/log-standing.ts')
      return (await logStanding(env, log))?.wentBack ?? ''
    },
    async close() {
      await log.close()
      await pool.end()
    },
  }
}

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
// A reader that has seen enough, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
})

let memory: Memory | undefined
try {
  process.exitCode = await runCli(process.argv.slice(2), {
    open: async () => {
      memory = openMemory()
      return memory
    },
    environment: () => examined(process.env),
    user: () => userInfo().username,
    now: () => systemClock.now(),
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    signal: stop.signal,
  })
} catch (error) {
  process.stderr.write(`eipctl: ${forTerminal(sentence(error))}\n`)
  process.exitCode = error instanceof SettingsError ? 2 : 1
} finally {
  await memory?.close()
}

function sentence(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string }
  const fault = connectionFault(error, 'Postgres at DATABASE_URL')
  if (fault !== null) return `${fault}.`
  if (code === '42P01' || code === '3F000')
    return 'there is no event log in this database and schema yet; check DATABASE_URL and POD_EIP_DATABASE_SCHEMA, or start a service, which makes it.'
  return message || String(error)
}
