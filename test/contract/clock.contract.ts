import type { Clock } from '@pod-eip/runtime'
import { expect, test } from 'vitest'

/** What every clock promises. `pass` lets at least so many milliseconds go by. */
export function clockContract(open: () => { clock: Clock; pass: (ms: number) => Promise<unknown> }): void {
  test('a sleep lasts as long as asked, and time does not go back', async () => {
    const { clock, pass } = open()
    const from = clock.now()
    const slept = clock.sleep(30).then(() => clock.now())
    await pass(60)
    // Timers of the system may fire a fraction of a millisecond early.
    expect((await slept) - from).toBeGreaterThanOrEqual(29)
    expect(clock.now()).toBeGreaterThanOrEqual(from)
  })

  test('sleeps end in the order of their time', async () => {
    const { clock, pass } = open()
    const ended: string[] = []
    const sleeps = [
      clock.sleep(60).then(() => ended.push('late')),
      clock.sleep(5).then(() => ended.push('early')),
    ]
    await pass(120)
    await Promise.all(sleeps)
    expect(ended).toEqual(['early', 'late'])
  })

  test('a sleep ends at once, without failing, when its signal aborts', async () => {
    const { clock } = open()
    const stop = new AbortController()
    const slept = clock.sleep(3_600_000, stop.signal)
    stop.abort()
    await slept
    await clock.sleep(3_600_000, stop.signal)
  })

  test('no time at all, and less than none, is no wait', async () => {
    const { clock, pass } = open()
    const slept = Promise.all([clock.sleep(0), clock.sleep(-5)])
    await pass(1)
    await slept
  })
}
