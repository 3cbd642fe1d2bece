import { InvalidEventError, StreamMovedError } from './errors.ts'
import type { NewEvent } from './event.ts'
import type { AppendOptions, AppendResult, EventLog } from './event-log.ts'

/** Larger batches gain little and hold the fence longer: 500 events take about 20 ms. */
const defaultMaxBatch = 500

export interface CoalescingAppenderOptions {
  log: Pick<EventLog, 'append'>
  /** Events in one batch; a single call with more goes alone. */
  maxBatch?: number
}

interface Call {
  events: NewEvent[]
  options: AppendOptions | undefined
  resolve(result: AppendResult): void
  reject(error: unknown): void
}

/**
 * An `append` for many callers at once: while one batch is on its way, the next gathers, so that the fence
 * and the flush to disk are paid once for all. Each call stays atomic and keeps its place among the calls.
 * When a batch meets a moved stream, its calls are tried one by one and only the guilty ones fail. Any other
 * error fails every call of the batch; whether they were appended is then unknown, as with a plain append.
 */
export function createCoalescingAppender(options: CoalescingAppenderOptions): Pick<EventLog, 'append'> {
  const { log, maxBatch = defaultMaxBatch } = options
  const waiting: Call[] = []
  let running = false

  async function run(): Promise<void> {
    running = true
    // Callers of the same turn of the event loop travel together.
    await Promise.resolve()
    while (waiting.length > 0) await appendTogether(log, takeBatch(waiting, maxBatch))
    running = false
  }

  return {
    append: (events, appendOptions) =>
      new Promise((resolve, reject) => {
        waiting.push({ events, options: appendOptions, resolve, reject })
        if (!running) void run()
      }),
  }
}

/** A call with a checkpoint goes alone: the checkpoint belongs to its events only. */
function takeBatch(waiting: Call[], maxBatch: number): Call[] {
  const batch = [waiting.shift()!]
  let size = batch[0]!.events.length
  while (batch[0]!.options === undefined && waiting.length > 0) {
    const next = waiting[0]!
    if (next.options !== undefined || size + next.events.length > maxBatch) break
    batch.push(waiting.shift()!)
    size += next.events.length
  }
  return batch
}

async function appendTogether(log: Pick<EventLog, 'append'>, batch: Call[]): Promise<void> {
  try {
    const result = await log.append(
      batch.flatMap((call) => call.events),
      batch[0]!.options,
    )
    let from = 0
    for (const call of batch) {
      const events = result.events.slice(from, from + call.events.length)
      from += call.events.length
      call.resolve({ events, appended: events.filter((e) => e.isNew).length })
    }
  } catch (error) {
    const retry = batch.length > 1 && isOneCallsFault(error)
    for (const call of batch) {
      if (retry) await appendTogether(log, [call])
      else call.reject(error)
    }
  }
}

function isOneCallsFault(error: unknown): boolean {
  return error instanceof StreamMovedError || error instanceof InvalidEventError
}
