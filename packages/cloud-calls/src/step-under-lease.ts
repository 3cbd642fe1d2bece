import {
  type CallOptions,
  type CallResult,
  type CloudAddress,
  CloudError,
  type EipCloud,
} from '@pod-eip/cloud'
import type { Intent } from '@pod-eip/domain'
import type { IntentRuns } from '@pod-eip/queue'
import type { Clock, Random } from '@pod-eip/runtime'
import type { HeldLease } from './hold-lease.ts'
import { writeNotes } from './notes.ts'
import { mayBeAnothers, type PlacesKnown } from './places.ts'
import { afterError } from './refused.ts'
import type { StepMemory, StepResult, WorkerSettings } from './steps/step.ts'
import { takeStep } from './take-step.ts'

/** Takes a step; what the cloud refuses becomes a result. `memory` holds afterwards what must be remembered. */
export async function stepUnderLease(
  intent: Intent,
  memory: StepMemory,
  lease: HeldLease,
  deps: {
    readModels: PlacesKnown
    runs: IntentRuns
    cloud: EipCloud
    clock: Clock
    random: Random
    settings: WorkerSettings
    owner: string
  },
): Promise<StepResult> {
  const { runs, cloud, clock, random, settings, owner } = deps

  async function call<T extends CallResult>(send: (options: CallOptions) => Promise<T>): Promise<T> {
    const before = { calledAt: memory.calledAt, answered: memory.answered }
    memory.calledAt = clock.now()
    memory.answered = false
    await runs.recordCall(intent.id, owner, { notes: writeNotes(memory) })
    try {
      const answer = await send({ admit: async () => lease.assertHeld() })
      memory.calledAt = clock.now()
      memory.answered = true
      memory.requestId = answer.requestId
      return answer
    } catch (error) {
      const unanswered = error instanceof CloudError && error.class === 'no-answer'
      if (unanswered) memory.calledAt = clock.now()
      // A refused repeat says nothing about an earlier call that was not answered: that one may still count.
      else Object.assign(memory, before)
      throw error
    }
  }

  try {
    const cancelled = intent.status === 'cancelled'
    const isAnothersPlace = (address: CloudAddress) => mayBeAnothers(address, intent.claim, deps.readModels)
    const context = { intent, cancelled, memory, cloud, clock, settings, call, isAnothersPlace }
    const result = await takeStep(intent, context)
    memory.failures = 0
    return result
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    memory.failures += 1
    return afterError(intent, error, memory.failures - 1, random)
  }
}
