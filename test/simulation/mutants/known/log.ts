import type { Mutant } from '../mutant.ts'

/** Mistakes in what is written down, in which order, and who may. */
export const logMutants: readonly Mutant[] = [
  {
    name: 'position-behind-its-decisions',
    mistake:
      "The projector's position is stored without the decisions that were appended with it: they are folded twice.",
    file: 'packages/read-models/src/memory/memory-projection-store.ts',
    find: 'log.saveCheckpointNow(projectorCheckpoint, end,',
    replace: 'log.saveCheckpointNow(projectorCheckpoint, position,',
  },
  {
    name: 'decided-behind-the-head',
    mistake: 'A projector decides before it has folded all that is in the log.',
    file: 'packages/read-models/src/memory/memory-projection-store.ts',
    find: `limit: options.maxEvents })
      const position = events.at(-1)?.position ?? checkpoint.position
      const atHead = position === log.headNow()`,
    replace: `limit: 3 })
      const position = events.at(-1)?.position ?? checkpoint.position
      const atHead = true`,
  },
  {
    name: 'undecided-forgotten',
    mistake: 'Claims whose allocation waits for company are forgotten.',
    file: 'packages/read-models/src/memory/memory-projection-store.ts',
    find: 'projectorState(result.undecided)',
    replace: 'projectorState({ ...result.undecided, held: [] })',
  },
  {
    name: 'notes-lost',
    mistake: 'What a step has learned is not kept for the next.',
    file: 'packages/cloud-calls/src/handle-intent.ts',
    find: '{ notes: writeNotes(memory), notBefore: retryAt, ...told }',
    replace: '{ notBefore: retryAt, ...told }',
  },
  {
    name: 'lost-job-not-put-back',
    mistake: 'A cloud call that the queue has lost is never made.',
    file: 'services/projector/src/relay.ts',
    find: 'await enqueue(lost)',
    replace: '',
  },
]
