import type { AppendResult, JsonObject, NewEvent } from '@pod-eip/event-log'

/**
 * How far the execution of each intent has come: what a worker must know after a crash, and nothing that a
 * replay would need. One run at a time holds an intent's lease. Every other method is refused with
 * {@link LeaseLostError}, and changes nothing, once the lease has ended or is somebody else's.
 */
export interface IntentRuns {
  /**
   * Takes the lease and counts an attempt. `leased`: another run has it, be it of the same owner, since one
   * worker may be handed an intent twice at once. `finished`: its outcome is in the log. Not idempotent.
   */
  acquireLease(intentId: string, owner: string, ttlMs: number): Promise<IntentRun | 'leased' | 'finished'>
  /** The lease ends `ttlMs` from now. Safe to repeat. */
  renew(intentId: string, owner: string, ttlMs: number): Promise<void>
  /** Writes down that a call is about to be sent, or what became of it; keeps the lease. Safe to repeat. */
  recordCall(intentId: string, owner: string, call: CallRecord): Promise<void>
  /** Gives the lease back without an outcome; `events` are appended in the same transaction. */
  release(intentId: string, owner: string, progress: RunProgress): Promise<void>
  /**
   * Appends the outcome and ends the run, in one transaction. Events without a `dedupeKey` get
   * `outcome/<intentId>`, with `/1`, `/2` … for further ones. The owner that finished may repeat it.
   *
   * @throws what `EventLog.append` throws; the run is not finished then
   */
  finish(intentId: string, owner: string, events: NewEvent[]): Promise<AppendResult>
}

export interface IntentRun {
  intentId: string
  /** Leases taken so far, with this one. */
  attempts: number
  /** When a changing call was last sent whose answer is not known, epoch ms. */
  calledAt: number | null
  /** Which ClientToken is in use, from 0. */
  tokenNumber: number
  /** Not to be tried before, epoch ms; for whoever puts the intent back on the queue. */
  notBefore: number | null
  /** What last stood in the way. */
  lastCode: string | null
  lastMessage: string | null
  lastRequestId: string | null
  /** The worker's own notes; `{}` at first. */
  notes: JsonObject
}

/** Whatever is left out stays as it is. */
export interface CallRecord {
  calledAt?: number | null
  tokenNumber?: number
  notes?: JsonObject
}

/** Whatever is left out stays as it is, but `notBefore`, which is cleared. */
export interface RunProgress extends CallRecord {
  notBefore?: number
  lastCode?: string
  lastMessage?: string
  lastRequestId?: string
  events?: NewEvent[]
}

/** The lease has ended, is somebody else's, or the run is finished; nothing was changed. Stop working on it. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
  readonly intentId: string

  constructor(intentId: string, owner: string) {
    super(`intent ${intentId} is not leased to ${owner} any more: another worker goes on with it`)
    this.intentId = intentId
  }
}
