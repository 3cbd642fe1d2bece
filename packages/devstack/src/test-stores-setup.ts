import { randomBytes } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedStore, startEmbeddedPostgres } from './embedded-postgres.ts'
import { startEmbeddedValkey } from './embedded-valkey.ts'
import { testStoresVariable } from './test-stores.ts'

/**
 * vitest's global setup. Starts nothing but a small HTTP server, which the test workers ask for stores; the
 * first question for one starts it, so that a run of unit tests alone pays nothing. The stores belong to
 * the vitest process: one of each per run, gone when it ends, however it ends.
 */
export default async function testStores(): Promise<() => Promise<void>> {
  const key = randomBytes(16).toString('hex')
  const dataDir = join(tmpdir(), `pod-eip-test-${key.slice(0, 12)}`)
  // Throw-away data needs no protection from a power cut.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const postgres = once(() => startEmbeddedPostgres({ dataDir, throwAway: true, settings }))
  const valkey = once(() => startEmbeddedValkey())

  const broker = createServer((request, response) => {
    if (request.url === `/${key}/postgres`) answer(response, postgres.get())
    else if (request.url === `/${key}/valkey`) answer(response, valkey.get())
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  process.env[testStoresVariable] = `http://127.0.0.1:${(broker.address() as AddressInfo).port}/${key}`

  return async () => {
    broker.closeAllConnections()
    broker.close()
    await Promise.all([postgres.stop(), valkey.stop()])
  }
}

function once(start: () => Promise<EmbeddedStore>) {
  let started: Promise<EmbeddedStore> | undefined
  return {
    get: () => {
      started ??= start()
      return started
    },
    stop: async () => {
      const store = await started?.catch(() => undefined)
      await store?.stop()
    },
  }
}

function answer(response: ServerResponse, store: Promise<EmbeddedStore>): void {
  store.then(
    ({ url }) => response.end(url),
    (error: Error) => response.writeHead(503).end(error.message),
  )
}
