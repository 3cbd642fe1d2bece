import { startEmbeddedPostgres, startEmbeddedValkey } from '@pod-eip/devstack'
import { databaseAddress, redisAddress } from '@pod-eip/runtime'
import type { StartSettings } from './choices.ts'
import type { Cleanup } from './cleanup.ts'
import type { DataDir } from './data-dir.ts'

/** A store, given or started for this run. */
export interface Store {
  url: string
  /** What it is, for people; of a given one, nothing yet. */
  description: string | undefined
}

/** The stores that are given, and embedded ones for those that are not. Both start at once. */
export function openStores(
  settings: Pick<StartSettings, 'databaseUrl' | 'databaseTlsDir' | 'redisUrl' | 'redisTlsDir'>,
  dir: DataDir,
  cleanup: Cleanup,
): { postgres: Promise<Store>; redis: Promise<Store> } {
  const open = async (given: string | undefined, start: typeof startPostgres): Promise<Store> => {
    if (given !== undefined) return { url: given, description: undefined }
    const store = await start(dir)
    cleanup.add(() => store.stop())
    return store
  }
  const { databaseUrl, redisUrl } = settings
  const database = databaseUrl && databaseAddress({ ...settings, databaseUrl })
  const redis = redisUrl && redisAddress({ ...settings, redisUrl })
  return { postgres: open(database, startPostgres), redis: open(redis, startRedis) }
}

const startPostgres = (dir: DataDir) => startEmbeddedPostgres({ dataDir: dir.file('postgres') })
const startRedis = (dir: DataDir) => startEmbeddedValkey({ dataDir: dir.file('valkey') })
