import { postgresUrlForTests } from '@pod-eip/devstack'
import { createPool } from '@pod-eip/event-log'
import { expect, test } from 'vitest'

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
