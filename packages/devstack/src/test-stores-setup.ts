import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedStore, startEmbeddedPostgres } from './embedded-postgres.ts'
import { startEmbeddedValkey } from './embedded-valkey.ts'
import { type Served, serveOnDemand } from './on-demand.ts'
import { testStoresVariable } from './test-stores.ts'

/**
 * vitest's global setup: stores for the tests that ask. They belong to the vitest process: one of each per run,
 * gone when it ends, however it ends.
 */
export default async function testStores(): Promise<() => Promise<void>> {
  const dataDir = join(tmpdir(), `pod-eip-test-${randomBytes(6).toString('hex')}`)
  // Throw-away data needs no protection from a power cut.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const broker = await serveOnDemand({
    postgres: async () => served(await startEmbeddedPostgres({ dataDir, throwAway: true, settings })),
    valkey: async () => served(await startEmbeddedValkey()),
  })
  process.env[testStoresVariable] = broker.url
  return broker.stop
}

function served(store: EmbeddedStore): Served {
  return { answer: store.url, stop: () => store.stop() }
}
