import type { Clock } from '@pod-eip/runtime'
import type { Queryable } from './transaction.ts'

/** How often the clock is set anew, in ms. */
const adjustEveryMs = 60_000

/**
 * The database server's time. Processes on machines whose clocks differ compare times that others wrote down:
 * how long ago a call was sent, since when an address is bound. They all go by the one clock that they share.
 *
 * @param signal ends the adjusting
 */
export async function databaseClock(database: Queryable, clock: Clock, signal: AbortSignal): Promise<Clock> {
  let offset = await measureOffset(database, clock)
  async function adjust(): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(adjustEveryMs, signal)
      // While the database is away the last offset is the best there is.
      if (!signal.aborted) offset = await measureOffset(database, clock).catch(() => offset)
    }
  }
  void adjust()
  return { now: () => clock.now() + offset, sleep: clock.sleep }
}

/** What to add to the clock to get the database's time, in ms; half of the round trip is taken for the way there. */
export async function measureOffset(database: Queryable, clock: Clock): Promise<number> {
  const asked = clock.now()
  const { rows } = await database.query('select extract(epoch from clock_timestamp()) * 1000 as now')
  return Math.round(Number(rows[0].now) - (asked + clock.now()) / 2)
}
