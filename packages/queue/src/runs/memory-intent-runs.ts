import type { MemoryEventLog } from '@pod-eip/event-log'
import type { Clock } from '@pod-eip/runtime'
import { type CallRecord, type IntentRun, type IntentRuns, LeaseLostError } from './intent-runs.ts'
import { outcomeEvents } from './outcome-events.ts'

export interface MemoryIntentRunsOptions {
  clock: Clock
  log: MemoryEventLog
}

interface HeldRun {
  run: IntentRun
  owner: string | null
  leaseUntil: number
  finishedPosition: number | null
}

/** Runs that can be brought back to what a backup has. */
export interface MemoryIntentRuns extends IntentRuns {
  /** All runs as they are now; what is returned brings them back to that, again and again. */
  backUp(): () => void
}

/** Runs in memory, with the same meaning as in Postgres; each method is one atomic step. */
export function createMemoryIntentRuns({ clock, log }: MemoryIntentRunsOptions): MemoryIntentRuns {
  const runs = new Map<string, HeldRun>()

  function held(intentId: string, owner: string): HeldRun {
    const found = runs.get(intentId)
    const mine = found?.owner === owner && found.leaseUntil > clock.now() && found.finishedPosition === null
    if (!found || !mine) throw new LeaseLostError(intentId, owner)
    return found
  }

  function change(run: IntentRun, { calledAt, tokenNumber, notes }: CallRecord): void {
    if (calledAt !== undefined) run.calledAt = calledAt
    if (tokenNumber !== undefined) run.tokenNumber = tokenNumber
    if (notes !== undefined) run.notes = structuredClone(notes)
  }

  return {
    async acquireLease(intentId, owner, ttlMs) {
      const found = runs.get(intentId) ?? newRun(intentId)
      if (found.finishedPosition !== null) return 'finished'
      if (found.leaseUntil > clock.now()) return 'leased'
      runs.set(intentId, found)
      found.owner = owner
      found.leaseUntil = clock.now() + ttlMs
      found.run.attempts += 1
      return structuredClone(found.run)
    },
    async renew(intentId, owner, ttlMs) {
      held(intentId, owner).leaseUntil = clock.now() + ttlMs
    },
    async recordCall(intentId, owner, call) {
      change(held(intentId, owner).run, call)
    },
    async release(intentId, owner, progress) {
      const found = held(intentId, owner)
      log.appendNow(progress.events ?? [])
      const { run } = found
      change(run, progress)
      run.notBefore = progress.notBefore ?? null
      run.lastCode = progress.lastCode ?? run.lastCode
      run.lastMessage = progress.lastMessage ?? run.lastMessage
      run.lastRequestId = progress.lastRequestId ?? run.lastRequestId
      found.owner = null
      found.leaseUntil = Number.NEGATIVE_INFINITY
    },
    async finish(intentId, owner, events) {
      const found = runs.get(intentId)
      const repeated = found !== undefined && found.finishedPosition !== null && found.owner === owner
      const run = repeated ? found : held(intentId, owner)
      const result = log.appendNow(outcomeEvents(intentId, events))
      run.finishedPosition ??= result.events[0]!.position
      return result
    },
    backUp() {
      const backedUp = structuredClone(runs)
      return () => {
        runs.clear()
        for (const [id, run] of structuredClone(backedUp)) runs.set(id, run)
      }
    },
  }
}

function newRun(intentId: string): HeldRun {
  return {
    run: {
      intentId,
      attempts: 0,
      calledAt: null,
      tokenNumber: 0,
      notBefore: null,
      lastCode: null,
      lastMessage: null,
      lastRequestId: null,
      notes: {},
    },
    owner: null,
    leaseUntil: Number.NEGATIVE_INFINITY,
    finishedPosition: null,
  }
}
