import type pg from 'pg'

/** Anything that runs a query: a pool, or a client within a transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>

/**
 * Runs `work` in a READ COMMITTED transaction; rolls back when it throws. When the connection breaks during
 * COMMIT, whether it was committed is unknown.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  // A client that breaks between two queries says so here only.
  const onError = (error: Error) => {
    broken = error
  }
  client.on('error', onError)
  try {
    await client.query('begin isolation level read committed')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback').catch((e: Error) => {
      broken = e
    })
    throw error
  } finally {
    client.off('error', onError)
    client.release(broken)
  }
}
