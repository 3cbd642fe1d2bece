import { backOffMs, KubeError } from '@pod-eip/kube'
import type { Clock, Random } from '@pod-eip/runtime'
import { createTurns, type Urgency } from './turns.ts'

/**
 * Work by key: each key at most once at a time, and once more when it was added meanwhile. A key whose work
 * fails rests, longer each time, while the others go on.
 */
export interface KeyedQueue {
  /** A key that waits already keeps the more urgent of its places. */
  add(key: string, urgency?: Urgency): void
  /** Adds the key at that time, epoch ms. */
  addAt(key: string, at: number): void
  /** Works until the signal aborts; what is being done then is finished. */
  run(signal: AbortSignal): Promise<void>
  status(): KeyedQueueStatus
}

export interface KeyedQueueStatus {
  /** Keys that wait, are worked on or rest after a failure. */
  pending: number
  /** Keys whose last work failed. */
  failing: number
  /** When work was last finished, well or not, or the first began to wait after a rest; epoch ms. */
  lastProgressAt: number
}

export interface KeyedQueueOptions {
  /** Keys worked on at a time. */
  concurrency: number
  /** Does what a key needs; throws to have it tried again. */
  work: (key: string) => Promise<void>
  onFailure: (failure: { key: string; error: unknown; failures: number; delayMs: number }) => void
  /** The work of a key that had failed was done. */
  onRecovery?: (key: string) => void
  clock: Clock
  random: Random
}

export function createKeyedQueue(options: KeyedQueueOptions): KeyedQueue {
  const { concurrency, work, onFailure, onRecovery, clock, random } = options
  const waiting = createTurns()
  const running = new Set<string>()
  const runAgain = new Map<string, Urgency>()
  const resting = new Set<string>()
  const later = new Map<string, number>()
  const failures = new Map<string, number>()
  const ended = new AbortController()
  let lastProgressAt = clock.now()
  let wakers: (() => void)[] = []

  const pending = () => waiting.size() + running.size + resting.size

  function add(key: string, urgency: Urgency = 'usual'): void {
    if (resting.has(key)) return
    if (running.has(key)) {
      if (runAgain.get(key) !== 'urgent') runAgain.set(key, urgency)
      return
    }
    if (pending() === 0) lastProgressAt = clock.now()
    waiting.add(key, urgency)
    wakers.shift()?.()
  }

  function addAt(key: string, at: number): void {
    if ((later.get(key) ?? Number.POSITIVE_INFINITY) <= at) return
    later.set(key, at)
    void clock.sleep(at - clock.now(), ended.signal).then(() => {
      if (later.get(key) === at) later.delete(key)
      if (!ended.signal.aborted) add(key)
    })
  }

  async function rest(key: string, error: unknown, signal: AbortSignal): Promise<void> {
    const count = (failures.get(key) ?? 0) + 1
    failures.set(key, count)
    const delayMs = backOffMs(count, error instanceof KubeError ? error : undefined, random)
    onFailure({ key, error, failures: count, delayMs })
    resting.add(key)
    await clock.sleep(delayMs, signal)
    resting.delete(key)
    add(key)
  }

  async function workOn(key: string, signal: AbortSignal): Promise<void> {
    let failed = false
    try {
      await work(key)
      if (failures.delete(key)) onRecovery?.(key)
    } catch (error) {
      failed = true
      if (!signal.aborted) void rest(key, error, signal)
    } finally {
      lastProgressAt = clock.now()
      running.delete(key)
      const again = runAgain.get(key)
      runAgain.delete(key)
      if (again && !failed) add(key, again)
    }
  }

  async function worker(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const key = waiting.next()
      if (key === undefined) {
        await new Promise<void>((resolve) => wakers.push(resolve))
        continue
      }
      running.add(key)
      await workOn(key, signal)
    }
  }

  return {
    add,
    addAt,
    async run(signal) {
      const end = () => {
        ended.abort()
        for (const wake of wakers) wake()
        wakers = []
      }
      signal.addEventListener('abort', end, { once: true })
      await Promise.all(Array.from({ length: concurrency }, () => worker(signal)))
      signal.removeEventListener('abort', end)
    },
    status: () => ({
      pending: pending(),
      failing: failures.size,
      lastProgressAt,
    }),
  }
}
