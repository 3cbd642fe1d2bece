import type { Clock } from '@pod-eip/runtime'

interface Timer {
  at: number
  /** Ties are broken by order of asking, so that a run repeats exactly. */
  order: number
  fire: () => void
}

/**
 * A clock that stands still until it is driven: time passes only between events, never while code runs.
 */
export interface VirtualClock extends Clock {
  /** Calls `fire` after `ms`; returns what takes it back. */
  after(ms: number, fire: () => void): () => void
  /** Lets everything happen that is due up to `until` (epoch ms), and leaves the clock there. */
  runUntil(until: number): Promise<void>
  /** Called whenever nothing is left to do at this moment; true when it did something itself. */
  onIdle(work: () => boolean): void
  /** Timers fired so far: the steps of the run. */
  steps(): number
}

export function createVirtualClock(start: number): VirtualClock {
  let now = start
  let order = 0
  let steps = 0
  const timers: Timer[] = []
  let idleWork = () => false

  /** Until neither promises nor idle work have anything left to do. */
  async function settle(): Promise<void> {
    do await quiet()
    while (idleWork())
  }

  function add(timer: Timer): void {
    let i = timers.length
    timers.push(timer)
    while (i > 0 && later(timers[(i - 1) >> 1]!, timer)) {
      timers[i] = timers[(i - 1) >> 1]!
      i = (i - 1) >> 1
    }
    timers[i] = timer
  }

  function takeFirst(): Timer | undefined {
    const first = timers[0]
    const last = timers.pop()
    if (first === undefined || last === undefined || timers.length === 0) return first
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= timers.length) break
      if (child + 1 < timers.length && later(timers[child]!, timers[child + 1]!)) child += 1
      if (!later(last, timers[child]!)) break
      timers[i] = timers[child]!
      i = child
    }
    timers[i] = last
    return first
  }

  function after(ms: number, fire: () => void): () => void {
    const timer = { at: now + Math.max(0, ms), order: order++, fire }
    add(timer)
    return () => {
      timer.fire = () => {}
    }
  }

  return {
    now: () => now,
    after,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const done = () => {
          cancel()
          signal?.removeEventListener('abort', done)
          resolve()
        }
        const cancel = after(ms, done)
        signal?.addEventListener('abort', done, { once: true })
      }),
    async runUntil(until) {
      await settle()
      while (timers.length > 0 && timers[0]!.at <= until) {
        const timer = takeFirst()!
        now = Math.max(now, timer.at)
        steps += 1
        timer.fire()
        await settle()
      }
      now = Math.max(now, until)
    },
    onIdle(work) {
      idleWork = work
    },
    steps: () => steps,
  }
}

/** Between two looks whether the work has settled, in virtual ms. */
const lookMs = 50
/** More looks than that mean that it waits for something that no time brings. */
const mostLooks = 50_000

/** Lets virtual time pass, a little at a time, until the promise settles. @throws when it does not in 40 minutes */
export async function runUntilSettled<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let settled = false
  const watched = work.finally(() => {
    settled = true
  })
  watched.catch(() => {})
  for (let looks = 0; !settled; looks += 1) {
    if (looks > mostLooks) throw new Error('it does not come to an end')
    await clock.runUntil(clock.now() + (looks === 0 ? 0 : lookMs))
  }
  return watched
}

function later(a: Timer, b: Timer): boolean {
  return a.at !== b.at ? a.at > b.at : a.order > b.order
}

/** Resolves when no promise has anything left to do: immediates run after all microtasks. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
