import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startEmbeddedPostgres, startEmbeddedValkey } from '@pod-eip/devstack'
import { createPool } from '@pod-eip/event-log'
import { producerConnection } from '@pod-eip/queue'
import type { FaultStores } from './stores.ts'

/** Stores that a test may do to what machines and operators do; they come back at the same address. */
export interface OwnStores extends FaultStores {
  /** FLUSHALL. */
  emptyRedis(): Promise<void>
  /** Ends Redis, which forgets everything, and starts it again. */
  restartRedis(): Promise<void>
  /** Ends Postgres in good order, and starts it again. */
  restartPostgres(): Promise<void>
  /** SIGKILL to Postgres' first process, and a start that recovers from its log. */
  killPostgres(): Promise<void>
  /** SIGKILL to one of Postgres' processes that serve a connection: Postgres ends all others and recovers. */
  killPostgresBackend(): Promise<void>
}

/** A Postgres and a Redis that nobody else uses; Postgres keeps what it has committed, whatever ends it. */
export async function openOwnStores(): Promise<OwnStores> {
  const dir = await mkdtemp(join(tmpdir(), 'pod-eip-stores-'))
  const dataDir = join(dir, 'postgres')
  const [postgresPort, redisPort] = [await freePort(), await freePort()]
  const startPostgres = () => startEmbeddedPostgres({ dataDir, port: postgresPort })
  const startRedis = () => startEmbeddedValkey({ port: redisPort })
  let [postgres, redis] = await Promise.all([startPostgres(), startRedis()])
  const [databaseUrl, redisUrl] = [postgres.url, redis.url]

  async function inRedis(
    url: string,
    act: (client: ReturnType<typeof producerConnection>) => Promise<unknown>,
  ) {
    const client = producerConnection(url)
    try {
      await client.connect()
      await act(client)
    } finally {
      client.disconnect()
    }
  }

  return {
    databaseUrl,
    redisUrl,
    schema: 'pod_eip',
    emptyRedis: () => inRedis(redisUrl, (client) => client.flushall()),
    async restartRedis() {
      await redis.stop()
      redis = await startRedis()
      // Each start draws a password.
      await inRedis(redis.url, (client) => client.config('SET', 'requirepass', new URL(redisUrl).password))
    },
    async restartPostgres() {
      await postgres.stop()
      postgres = await startPostgres()
    },
    async killPostgres() {
      const [pid] = (await readFile(join(dataDir, 'cluster/postmaster.pid'), 'utf8')).split('\n')
      process.kill(Number(pid), 'SIGKILL')
      await postgres.stop()
      postgres = await startPostgres()
    },
    async killPostgresBackend() {
      const pool = createPool({ url: databaseUrl, applicationName: 'fault', max: 1 })
      try {
        const { rows } = await pool.query<{ pid: number }>(
          `select pid from pg_stat_activity where application_name = 'pod-eip projector' limit 1`,
        )
        process.kill(rows[0]!.pid, 'SIGKILL')
      } finally {
        await pool.end()
      }
    },
    async close() {
      await Promise.all([postgres.stop(), redis.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}
