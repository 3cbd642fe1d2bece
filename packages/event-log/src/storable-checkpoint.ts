import { storableObject } from './canonical-json.ts'
import { InvalidEventError } from './errors.ts'
import type { CheckpointChange } from './event-log.ts'

/** @throws InvalidEventError with one sentence when the state is not JSON */
export function storableCheckpoint(change: CheckpointChange): CheckpointChange {
  if (change.state === undefined) return change
  const invalid = (what: string) =>
    new InvalidEventError(`checkpoint ${change.name} cannot be saved: its state contains ${what}`)
  return { ...change, state: storableObject(change.state, invalid) }
}
