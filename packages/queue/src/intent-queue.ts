/**
 * Brings intents to workers. It may lose, double and reorder: what counts stands in Postgres, and the
 * reconciler puts back what is missing.
 */
export interface IntentQueue {
  /**
   * Puts intents on the queue. Idempotent by `intentId` while its job exists: a second job is not made, and
   * the one that exists stays as it is. Fails fast when the queue is away.
   */
  enqueue(jobs: NewIntentJob[]): Promise<void>
  /**
   * Has waiting jobs handled now, whatever time they were put off to: for intents that were called off. A job
   * that is being handled, or does not exist, is left alone. Safe to repeat.
   */
  hurry(intentIds: string[]): Promise<void>
  /**
   * Hands jobs to `handler` until `signal` aborts, and resolves when the handlers under way have ended. A
   * handler may run twice at the same time for one intent. Outlives lost connections.
   */
  consume(consumer: IntentConsumer): Promise<void>
  /** Those of the intents that have no job: never enqueued, done, or lost. */
  missing(intentIds: string[]): Promise<string[]>
  /** Changes whenever jobs may have been lost: the server restarted, failed over or was emptied. */
  runId(): Promise<string>
  /** What waits and how long; see {@link QueueProgress}. */
  progress(): Promise<QueueProgress>
  /** Lets go of the connections. Abort the consumers first. Safe to call twice. */
  close(): Promise<void>
}

/** The action of a job that is no cloud call but an alarm: its claim's time of expiry has come. */
export const expireAction = 'expire'

export interface NewIntentJob {
  intentId: string
  action: string
  claim: string
  /** Not handled before, epoch ms; unset: at once. */
  notBefore?: number
}

export interface IntentJob {
  intentId: string
  action: string
  claim: string
  /** Counts the handler's runs of this job, from 1. */
  attempt: number
}

/** What becomes of a job after a run. */
export type JobResult = { kind: 'done' } | { kind: 'again'; delayMs: number }

export interface IntentConsumer {
  /** Jobs handled at the same time. */
  concurrency: number
  /** When it throws, that is logged and the job comes again after a growing, jittered wait. */
  handler(job: IntentJob): Promise<JobResult>
  signal: AbortSignal
}

/**
 * Whether workers get on with it. A worker that believes itself running proves nothing: a queue is stuck when
 * a job waits for long while nothing is active.
 */
export interface QueueProgress {
  /** Jobs that could be handled now. */
  waiting: number
  active: number
  /** How long the job next in line has been next in line and due, in ms; 0 when none waits. */
  oldestWaitingMs: number
}

/** Where the queue says what went wrong; pino's loggers fit. */
export interface QueueLogger {
  warn(details: object, message: string): void
}
