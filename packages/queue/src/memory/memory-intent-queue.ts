import type { Clock, Random } from '@pod-eip/runtime'
import type { IntentConsumer, IntentQueue, JobResult, NewIntentJob, QueueLogger } from '../intent-queue.ts'
import { retryDelayMs } from '../retry-delay.ts'

/** What befalls a job when it is its turn. */
export type JobFate =
  | { kind: 'handled' }
  | { kind: 'lost' }
  | { kind: 'doubled' }
  | { kind: 'late'; ms: number }

/** A queue in memory on a virtual clock, that can be made to fail as a real one does. */
export interface MemoryIntentQueue extends IntentQueue {
  /** Every job is gone and `runId` changes, as after FLUSHALL. */
  empty(): void
  /** Every job under way is handed out again while its handler still runs, as when its worker was killed. */
  stall(): void
}

export interface MemoryIntentQueueOptions {
  clock: Clock
  random: Random
  logger?: QueueLogger
  /** Asked at each turn of a job; default: it is handled. */
  fateOf?(job: NewIntentJob): JobFate
  /** Takes due jobs in random order. */
  reorder?: boolean
}

interface HeldJob {
  job: NewIntentJob
  due: number
  attempt: number
  failures: number
  /** Number of the run whose result counts; 0 while it waits. */
  run: number
}

export function createMemoryIntentQueue(options: MemoryIntentQueueOptions): MemoryIntentQueue {
  const { clock, random, logger, fateOf = () => ({ kind: 'handled' }), reorder = false } = options
  const jobs = new Map<string, HeldJob>()
  const wakers = new Set<AbortController>()
  let runs = 0
  let emptied = 0

  const wake = () => {
    for (const waker of wakers) waker.abort()
  }
  const isWaiting = (held: HeldJob) => held.run === 0
  const dueJobs = () => [...jobs.values()].filter((held) => isWaiting(held) && held.due <= clock.now())

  function take(): HeldJob | undefined {
    const due = dueJobs().sort((a, b) => a.due - b.due)
    return due[reorder ? Math.floor(random.next() * due.length) : 0]
  }

  /** Starts the run or runs of a job; they settle when its handlers have ended. */
  function start(held: HeldJob, consumer: IntentConsumer): Promise<void>[] {
    const fate = fateOf(held.job)
    switch (fate.kind) {
      case 'lost':
        jobs.delete(held.job.intentId)
        return []
      case 'late':
        held.due = clock.now() + fate.ms
        return []
      case 'doubled':
        return [run(held, consumer), run(held, consumer)]
      case 'handled':
        return [run(held, consumer)]
    }
  }

  async function run(held: HeldJob, consumer: IntentConsumer): Promise<void> {
    runs += 1
    const number = runs
    held.run = number
    held.attempt += 1
    const { intentId, action, claim } = held.job
    const result = await consumer
      .handler({ intentId, action, claim, attempt: held.attempt })
      .catch((error: unknown) => failed(held, error))
    // A later run of the job, or the loss of it, has made this one's result void.
    if (jobs.get(intentId) === held && held.run === number) settle(held, result)
    wake()
  }

  function failed(held: HeldJob, error: unknown): JobResult {
    held.failures += 1
    logger?.warn({ err: error, intent: held.job.intentId }, 'an intent failed and comes again')
    return { kind: 'again', delayMs: retryDelayMs(held.failures, random) }
  }

  function settle(held: HeldJob, result: JobResult): void {
    switch (result.kind) {
      case 'done':
        jobs.delete(held.job.intentId)
        return
      case 'again':
        held.run = 0
        held.due = clock.now() + result.delayMs
    }
  }

  /** Waits for the next due job where there is room for one, for a change, or for the end. */
  async function changed(signal: AbortSignal, hasRoom: boolean): Promise<void> {
    const waker = new AbortController()
    wakers.add(waker)
    const next = Math.min(...[...jobs.values()].filter(isWaiting).map((held) => held.due))
    const either = AbortSignal.any([waker.signal, signal])
    // It may have become due since it was looked for: then nobody else wakes us.
    if (hasRoom && Number.isFinite(next)) await clock.sleep(Math.max(0, next - clock.now()), either)
    else if (!either.aborted) {
      await new Promise<void>((resolve) => either.addEventListener('abort', () => resolve(), { once: true }))
    }
    wakers.delete(waker)
  }

  async function consume(consumer: IntentConsumer): Promise<void> {
    const active = new Set<Promise<void>>()
    while (!consumer.signal.aborted) {
      const hasRoom = active.size < consumer.concurrency
      const held = hasRoom ? take() : undefined
      if (!held) {
        await changed(consumer.signal, hasRoom)
        continue
      }
      for (const ended of start(held, consumer)) {
        active.add(ended)
        void ended.finally(() => active.delete(ended)).then(wake)
      }
    }
    await Promise.all(active)
  }

  return {
    async enqueue(added) {
      const fresh = added.filter((job) => !jobs.has(job.intentId))
      for (const job of fresh) {
        if (jobs.has(job.intentId)) continue
        const due = job.notBefore ?? clock.now()
        jobs.set(job.intentId, { job, due, attempt: 0, failures: 0, run: 0 })
      }
      if (fresh.length > 0) wake()
    },
    async hurry(intentIds) {
      for (const id of intentIds) {
        const held = jobs.get(id)
        if (held && isWaiting(held)) held.due = Math.min(held.due, clock.now())
      }
      wake()
    },
    consume,
    missing: async (intentIds) => intentIds.filter((id) => !jobs.has(id)),
    runId: async () => `memory/${emptied}`,
    async progress() {
      const due = dueJobs()
      const active = [...jobs.values()].filter((held) => !isWaiting(held)).length
      const oldest = Math.min(clock.now(), ...due.map((held) => held.due))
      return { waiting: due.length, active, oldestWaitingMs: clock.now() - oldest }
    },
    close: async () => {},
    empty() {
      jobs.clear()
      emptied += 1
    },
    stall() {
      for (const held of jobs.values()) {
        if (!isWaiting(held)) Object.assign(held, { run: 0, due: clock.now() })
      }
      wake()
    },
  }
}
