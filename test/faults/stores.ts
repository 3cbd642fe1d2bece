import { createTestDatabase, startEmbeddedValkey } from '@pod-eip/devstack'

/** Postgres and Redis of one stage. */
export interface FaultStores {
  databaseUrl: string
  schema: string
  redisUrl: string
  close(): Promise<void>
}

/** A database on the Postgres of the run, and a Redis of its own. */
export async function openStores(): Promise<FaultStores> {
  const [database, redis] = await Promise.all([createTestDatabase(), startEmbeddedValkey()])
  return {
    databaseUrl: database.url,
    schema: database.schema,
    redisUrl: redis.url,
    async close() {
      await redis.stop()
      await database.drop()
    },
  }
}
