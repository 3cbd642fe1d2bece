import type { QueueProgress } from '../intent-queue.ts'

/** What one look at Redis shows. */
export interface QueueSample {
  waiting: number
  active: number
  /** The job next in line and how often it was started; `null` when none waits. */
  next: string | null
  /** When the earliest delayed job was due, epoch ms; `null` when there is none or it is not due yet. */
  overdueSince: number | null
}

/** The job next in line, and since when we have seen it there. */
export interface NextInLine {
  job: string
  since: number
}

/**
 * Judges a sample by what was seen before: BullMQ keeps when a job was made, not when it came to wait, so a
 * job's age in line counts from the first look that showed it there.
 */
export function judgeProgress(
  sample: QueueSample,
  before: NextInLine | null,
  now: number,
): { progress: QueueProgress; next: NextInLine | null } {
  const next =
    sample.next === null ? null : before?.job === sample.next ? before : { job: sample.next, since: now }
  const since = Math.min(next?.since ?? now, sample.overdueSince ?? now)
  const waiting = sample.waiting + (sample.overdueSince === null ? 0 : 1)
  return { progress: { waiting, active: sample.active, oldestWaitingMs: now - since }, next }
}
