import type { EipCloud } from '@pod-eip/cloud'
import { type Intent, type NewDomainEvent, newEvent } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import { type IntentRuns, type JobResult, LeaseLostError } from '@pod-eip/queue'
import { type ReadModels, toNewEvent } from '@pod-eip/read-models'
import type { Clock, Random } from '@pod-eip/runtime'
import { holdLease } from './hold-lease.ts'
import { readNotes, writeNotes } from './notes.ts'
import { meet } from './obstacles.ts'
import type { PlacesKnown } from './places.ts'
import { stepUnderLease } from './step-under-lease.ts'
import type { Obstruction, StepMemory, WorkerSettings } from './steps/step.ts'

/** Wait before looking again at an intent that another worker has, in ms. */
const busyMs = 2_000

export interface IntentHandling {
  readModels: Pick<ReadModels, 'intent'> & PlacesKnown
  runs: IntentRuns
  cloud: EipCloud
  clock: Clock
  random: Random
  settings: WorkerSettings
  /** Names this worker among others, anew at each start. */
  owner: string
}

/**
 * Takes the next step of an intent, under its lease. Safe to call at any time, twice at once, and for
 * intents that are done: the queue may repeat and reorder as it likes.
 */
export async function handleIntent(intentId: string, deps: IntentHandling): Promise<JobResult> {
  const { readModels, runs, clock, owner, settings } = deps
  const run = await runs.acquireLease(intentId, owner, settings.leaseMs)
  if (run === 'finished') return { kind: 'done' }
  if (run === 'leased') return { kind: 'again', delayMs: busyMs }
  const lease = holdLease(intentId, deps)
  try {
    // Read under the lease: a cancellation that was decided before is seen.
    const intent = await readModels.intent(intentId)
    if (!intent || intent.status === 'done') return { kind: 'done' }
    const memory = readNotes(run)
    const result = await stepUnderLease(intent, memory, lease, deps)
    if (result.kind === 'done') {
      const outcomes = result.outcomes.map((outcome) => envelope(intent, outcome, clock))
      await runs.finish(intentId, owner, outcomes)
      return { kind: 'done' }
    }
    const retryAt = clock.now() + result.delayMs
    const told = result.told ? tell(intent, result.told, retryAt, memory, clock) : {}
    await runs.release(intentId, owner, { notes: writeNotes(memory), notBefore: retryAt, ...told })
    return { kind: 'again', delayMs: result.delayMs }
  } catch (error) {
    if (error instanceof LeaseLostError) return { kind: 'again', delayMs: busyMs }
    throw error
  } finally {
    lease.letGo()
  }
}

/** What stands in the way, for whoever asks, and as an event of each member when it is due to be told. */
function tell(intent: Intent, word: Obstruction, retryAt: number, memory: StepMemory, clock: Clock) {
  const { code, message, requestId, everyMs } = word
  const last = { lastCode: code, lastMessage: message, lastRequestId: requestId }
  const [obstacles, telling] = meet(memory.obstacles, code, clock.now())
  memory.obstacles = obstacles
  if (!telling) return last
  const about = {
    intentId: intent.id,
    action: intent.action,
    ...{ code, message, requestId },
    retryAt: new Date(retryAt).toISOString(),
    retryEveryMs: everyMs,
    ...{ tries: telling.tries, since: new Date(telling.since).toISOString(), news: telling.news },
  }
  const events = intent.members
    .filter((member) => !member.done)
    .map(({ claim, generation }) => newEvent('CloudCallDelayed', { claim, generation, ...about }))
  return { ...last, events: events.map((event) => envelope(intent, event, clock)) }
}

function envelope(intent: Intent, event: NewDomainEvent, clock: Clock): NewEvent {
  const about = 'claim' in event.data ? event.data.claim : intent.claim
  const member = intent.members.find(({ claim }) => claim === about) ?? intent
  return toNewEvent(event, {
    occurredAt: new Date(clock.now()).toISOString(),
    actor: 'worker',
    correlationId: member.correlationId,
    causationPosition: member.decidedPosition,
  })
}
