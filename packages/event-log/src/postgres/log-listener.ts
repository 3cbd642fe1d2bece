import type { Clock } from '@pod-eip/runtime'
import type pg from 'pg'
import { notificationChannel, type SchemaName } from './schema-name.ts'

/** Tells when the log has grown. It may miss a growth while its connection is away: poll as well. */
export interface LogListener {
  /** Calls `wake` whenever something may have been appended, until the returned function is called. */
  onGrowth(wake: () => void): () => void
  close(): Promise<void>
}

/** Wait before connecting again; polling carries the log meanwhile. */
const reconnectMs = 1000

/** Listens on one connection of the pool for all subscriptions; connects when the first one asks. */
export function createLogListener(pool: pg.Pool, schema: SchemaName, clock: Clock): LogListener {
  const wakers = new Set<() => void>()
  const closing = new AbortController()
  let running: Promise<void> | undefined

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await listen().catch(() => {})
      await clock.sleep(reconnectMs, closing.signal)
    }
  }

  /** Returns when the connection has ended. */
  async function listen(): Promise<void> {
    const client = await pool.connect()
    const ended = new AbortController()
    const end = () => ended.abort()
    const wakeAll = () => {
      for (const wake of [...wakers]) wake()
    }
    client.on('error', end).on('end', end).on('notification', wakeAll)
    closing.signal.addEventListener('abort', end, { once: true })
    try {
      await client.query(`listen ${notificationChannel(schema)}`)
      // Whatever was appended while nobody listened.
      wakeAll()
      if (closing.signal.aborted) return
      await new Promise<void>((resolve) => {
        if (ended.signal.aborted) resolve()
        ended.signal.addEventListener('abort', () => resolve(), { once: true })
      })
    } finally {
      closing.signal.removeEventListener('abort', end)
      client.release(true)
    }
  }

  return {
    onGrowth(wake) {
      running ??= run()
      wakers.add(wake)
      return () => void wakers.delete(wake)
    },
    async close() {
      closing.abort()
      await running
    },
  }
}
