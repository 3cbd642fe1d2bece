import { backOffMs, KubeError } from '@pod-eip/kube'
import type { Clock, Random } from '@pod-eip/runtime'

/**
 * Work by key: each key at most once at a time, and once more when it was added meanwhile. A key whose work
 * fails rests, longer each time, while the others go on.
 */
export interface KeyedQueue {
  add(key: string): void
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
  clock: Clock
  random: Random
}

export function createKeyedQueue(options: KeyedQueueOptions): KeyedQueue {
  const { concurrency, work, onFailure, clock, random } = options
  const waiting = new Set<string>()
  const running = new Set<string>()
  const runAgain = new Set<string>()
  const resting = new Set<string>()
  const failures = new Map<string, number>()
  let lastProgressAt = clock.now()
  let wakers: (() => void)[] = []

  const pending = () => waiting.size + running.size + resting.size

  function add(key: string): void {
    if (resting.has(key)) return
    if (running.has(key)) {
      runAgain.add(key)
      return
    }
    if (pending() === 0) lastProgressAt = clock.now()
    waiting.add(key)
    wakers.shift()?.()
  }

  function take(): string | undefined {
    const [key] = waiting
    if (key === undefined) return undefined
    waiting.delete(key)
    running.add(key)
    return key
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
      failures.delete(key)
    } catch (error) {
      failed = true
      if (!signal.aborted) void rest(key, error, signal)
    } finally {
      lastProgressAt = clock.now()
      running.delete(key)
      if (runAgain.delete(key) && !failed) add(key)
    }
  }

  async function worker(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const key = take()
      if (key !== undefined) await workOn(key, signal)
      else await new Promise<void>((resolve) => wakers.push(resolve))
    }
  }

  return {
    add,
    async run(signal) {
      const wakeAll = () => {
        for (const wake of wakers) wake()
        wakers = []
      }
      signal.addEventListener('abort', wakeAll, { once: true })
      await Promise.all(Array.from({ length: concurrency }, () => worker(signal)))
      signal.removeEventListener('abort', wakeAll)
    },
    status: () => ({
      pending: pending(),
      failing: failures.size,
      lastProgressAt,
    }),
  }
}
