import type { JsonObject } from '@pod-eip/event-log'
import type { IntentRun } from '@pod-eip/queue'
import type { StepMemory } from './steps/step.ts'

/** What earlier steps left behind. */
export function readNotes(run: IntentRun): StepMemory {
  const {
    calledAt = null,
    answered = false,
    addressIds = [],
    tokenNumber = 0,
  } = run.notes as Partial<StepMemory>
  return { attempts: run.attempts - 1, calledAt, answered, addressIds, tokenNumber }
}

/** What later steps must know. */
export function writeNotes(memory: StepMemory): JsonObject {
  const { attempts: _, ...notes } = memory
  return notes
}
