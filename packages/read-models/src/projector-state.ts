import { type AllocationPace, modelVersion, noPace } from '@pod-eip/domain'
import type { JsonObject } from '@pod-eip/event-log'
import { NewerBuildError } from './newer-build-error.ts'

/** What the projector's checkpoint kept beside the position. */
export interface SavedState {
  undecided: Undecided
  /** An older build wrote the read models: what it folded is not what this one would have. */
  outdated: boolean
}

/** Claims and nodes that events have touched and about which nothing has been decided yet. */
export interface Undecided {
  claims: string[]
  nodes: string[]
  /** Claims whose allocation waits for company. */
  held: string[]
  pace: AllocationPace
}

/**
 * What the projector's checkpoint kept beside the position.
 * @throws NewerBuildError when a newer build saved it: what this one folded into its read models would be wrong
 */
export function readProjectorState(state: JsonObject | undefined): SavedState {
  const saved = (state ?? {}) as unknown as Partial<Undecided & { model: number }>
  const { claims = [], nodes = [], held = [], pace = noPace, model = 0 } = saved
  if (model > modelVersion) {
    throw new NewerBuildError(
      `The read models were last written by a newer build (model version ${model}, this build writes ${modelVersion}), so this one stops and changes nothing; run that build or a later one.`,
    )
  }
  return { undecided: { claims, nodes, held, pace }, outdated: model < modelVersion }
}

/** What is saved with the checkpoint. */
export function projectorState(undecided: Undecided): JsonObject {
  return { ...undecided, pace: { ...undecided.pace }, model: modelVersion }
}
