import type { JsonObject } from '@pod-eip/event-log'
import type { IntentRun } from '@pod-eip/queue'
import { noObstacles } from './obstacles.ts'
import type { StepMemory } from './steps/step.ts'

/** What earlier steps left behind. */
export function readNotes(run: IntentRun): StepMemory {
  const {
    calledAt = null,
    answered = false,
    failures = 0,
    askedFor = [],
    repeated = false,
    addressIds = [],
    tokenNumber = 0,
    requestId = '',
    taskId = null,
    succeededAt = null,
    refusedAt = null,
    obstacles = noObstacles,
  } = run.notes as Partial<StepMemory>
  return {
    attempts: run.attempts - 1,
    failures,
    calledAt,
    answered,
    askedFor,
    repeated,
    addressIds,
    tokenNumber,
    requestId,
    taskId,
    succeededAt,
    refusedAt,
    obstacles,
  }
}

/** What later steps must know. */
export function writeNotes(memory: StepMemory): JsonObject {
  const { attempts: _, ...notes } = memory
  return notes
}
