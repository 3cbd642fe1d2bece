import { LogGapError } from './errors.ts'
import type { RecordedEvent } from './event.ts'
import type { ReadQuery, Subscription } from './event-log.ts'

export const defaultBatchSize = 500

export interface SubscribeSource {
  read(query: ReadQuery): Promise<RecordedEvent[]>
  /** Remembers from now on whether something is appended. Taken before reading, so that no wake-up is lost. */
  watch(): {
    /** Resolves when something may have been appended since `watch`, or `signal` aborts. */
    changed(signal: AbortSignal): Promise<void>
    dispose(): void
  }
  /** After a failed read: waits and returns when it should be tried again, or throws. */
  recover(error: unknown, failures: number, signal: AbortSignal): Promise<void>
}

/** The loop behind `EventLog.subscribe`: read what is there, hand it over, wait for more. */
export async function subscribeLoop(source: SubscribeSource, subscription: Subscription): Promise<void> {
  const { signal, onBatch } = subscription
  const limit = subscription.batchSize ?? defaultBatchSize
  let position = subscription.after
  let failures = 0
  while (!signal.aborted) {
    const watch = source.watch()
    try {
      const events = await source.read({ after: position, limit }).catch(async (error) => {
        failures += 1
        await source.recover(error, failures, signal)
        return null
      })
      if (events === null) continue
      failures = 0
      if (signal.aborted) return
      if (events.length > 0) {
        assertContinues(position, events)
        await onBatch(events)
        position = events.at(-1)!.position
      }
      if (events.length < limit) await watch.changed(signal)
    } finally {
      watch.dispose()
    }
  }
}

function assertContinues(after: number, events: RecordedEvent[]): void {
  events.forEach((event, index) => {
    const expected = after + 1 + index
    if (event.position === expected) return
    throw new LogGapError(
      `event ${expected} is missing from the log (the next is ${event.position}): restore it from a backup`,
    )
  })
}
