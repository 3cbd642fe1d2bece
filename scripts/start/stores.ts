import { startEmbeddedPostgres, startEmbeddedValkey } from '@pod-eip/devstack'
import type { DataDir } from './data-dir.ts'

export interface Stores {
  databaseUrl: string
  redisUrl: string
  /** What they are, for people. */
  descriptions: { database: string; redis: string }
  stop(): Promise<void>
}

/** The stores that are given, and embedded ones for those that are not. */
export async function openStores(
  given: { databaseUrl: string | undefined; redisUrl: string | undefined },
  dir: DataDir,
): Promise<Stores> {
  const [postgres, valkey] = await Promise.all([
    given.databaseUrl ? null : startEmbeddedPostgres({ dataDir: dir.file('postgres') }),
    given.redisUrl ? null : startEmbeddedValkey({ dataDir: dir.file('valkey') }),
  ])
  return {
    databaseUrl: given.databaseUrl ?? postgres!.url,
    redisUrl: given.redisUrl ?? valkey!.url,
    descriptions: {
      database: postgres?.description ?? `Postgres of DATABASE_URL (${hostOf(given.databaseUrl!)})`,
      redis: valkey?.description ?? `Redis of REDIS_URL (${hostOf(given.redisUrl!)})`,
    },
    async stop() {
      await Promise.all([postgres?.stop(), valkey?.stop()])
    },
  }
}

/** Where a URL points, without who asks. */
function hostOf(url: string): string {
  return new URL(url).host
}
