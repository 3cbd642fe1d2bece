import { postgresUrlForTests } from '@pod-eip/devstack'
import { createPool, inTransaction } from '@pod-eip/event-log'
import { expect, test } from 'vitest'
import { startBreakableWire } from '../faults/wire/breakable-wire.ts'

test('a connection that is cut while it is lent and idle does not end the process; the pool gets another', async () => {
  const pool = createPool({ url: await postgresUrlForTests(), applicationName: 'test' })
  try {
    const lent = await pool.connect()
    const { rows } = await lent.query('select pg_backend_pid() as pid')
    // Not events.once: it would listen for the error itself.
    const ended = new Promise<void>((resolve) => lent.once('end', resolve))
    await pool.query('select pg_terminate_backend($1)', [rows[0].pid])
    await ended
    await expect(lent.query('select 1')).rejects.toThrow()
    lent.release()
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  } finally {
    await pool.end()
  }
})

test('a query that nothing answers any more fails, in a transaction too, and the pool gets other connections', async () => {
  const wire = await startBreakableWire(await postgresUrlForTests())
  const pool = createPool({ url: wire.url, applicationName: 'test', max: 1, answerMs: 500 })
  try {
    await pool.query('select 1')
    expect(wire.suffer('stall')).toBe(1)
    await expect(pool.query('select 1')).rejects.toThrow('timeout')
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])

    // Whoever gives a connection back may not know of it.
    const lent = await pool.connect()
    expect(wire.suffer('stall')).toBe(1)
    await expect(lent.query('select 1')).rejects.toThrow('timeout')
    lent.release()
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])

    const work = inTransaction(pool, async (client) => {
      expect(wire.suffer('stall')).toBe(1)
      await client.query('select 1')
    })
    await expect(work).rejects.toThrow('timeout')
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
    expect(wire.heldOnTo()).toBe(0)
  } finally {
    await pool.end()
    await wire.close()
  }
})

test('whoever falls silent in a transaction keeps its locks from nobody for long', async () => {
  const pool = createPool({ url: await postgresUrlForTests(), applicationName: 'test', max: 2 })
  const locking = 'select pg_advisory_xact_lock(4711)'
  try {
    await inTransaction(
      pool,
      async (silent) => {
        const ended = new Promise<void>((resolve) => silent.once('end', resolve))
        await silent.query(locking)
        await inTransaction(pool, (other) => other.query(locking))
        await ended
      },
      300,
    ).then(
      () => expect.unreachable('it was committed'),
      (error: Error) => expect(error.message).toMatch(/connection|not queryable/i),
    )
  } finally {
    await pool.end()
  }
})
