export { type ClusterConfirmation, confirmCluster } from './confirm-cluster.ts'
export { type ClusterName, confirmClusterName } from './confirm-cluster-name.ts'
export { durationSetting } from './duration-setting.ts'
export { createEventReader, type EventReader, toDomainEvent, upToDate } from './event-reader.ts'
export { guardAsSet, guardSettings } from './guard-settings.ts'
export { hashModels, type ModelHashes } from './hash-models.ts'
export { type LogProblem, logProblem } from './log-problem.ts'
export { createMemoryModels, type MemoryModels } from './memory/memory-models.ts'
export { createMemoryProjectionStore } from './memory/memory-projection-store.ts'
export { NewerBuildError } from './newer-build-error.ts'
export { createPostgresProjectionStore } from './postgres/postgres-projection-store.ts'
export { createPostgresReadModels } from './postgres/postgres-read-models.ts'
export * from './projection-store.ts'
export type { ClaimPage, ReadModels } from './read-models.ts'
export { replayLog } from './replay-log.ts'
export {
  guardedLog,
  LogWentBackError,
  standingStill,
  tellingOnly,
} from './stand-still.ts'
export { type Origin, toNewEvent } from './to-new-event.ts'
export { compareLog, type LogWatch, type MarkOfLog, watchLog } from './watch-log.ts'
