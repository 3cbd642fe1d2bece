import type pg from 'pg'
import { wasUnanswered } from './connect.ts'

/** Anything that runs a query: a pool, or a client within a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>

/**
 * A transaction that says nothing for so long is ended by the server. Whoever was cut off without a word would else
 * keep the fence and its locks from everybody until the server's system notices, which takes hours.
 */
const longestSilenceMs = 20_000

/**
 * Runs `work` in a READ COMMITTED transaction; rolls back when it throws. When the connection breaks during
 * COMMIT, whether it was committed is unknown.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
  silenceMs = longestSilenceMs,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // A client that breaks between two queries says so here only.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    // One round trip. As a setting of the connection, poolers between us and the server would refuse it.
    await client.query(
      `begin isolation level read committed; set local idle_in_transaction_session_timeout = ${silenceMs}`,
    )
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    if (wasUnanswered(error)) broken = error
    else {
      await client.query('rollback').catch((e: Error) => {
        broken = e
      })
    }
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}
