export { type BullMqIntentQueueOptions, createBullMqIntentQueue } from './bullmq/bullmq-intent-queue.ts'
export { producerConnection } from './bullmq/redis-connections.ts'
export { infoField, redisFault } from './bullmq/redis-requirements.ts'
export type {
  IntentConsumer,
  IntentJob,
  IntentQueue,
  JobResult,
  NewIntentJob,
  QueueLogger,
  QueueProgress,
} from './intent-queue.ts'
export { expireAction } from './intent-queue.ts'
export type { LogMark, MarkedEvent } from './log-mark/log-mark.ts'
export { createMemoryLogMark, type MemoryLogMark } from './log-mark/memory-log-mark.ts'
export { createRedisLogMark } from './log-mark/redis-log-mark.ts'
export {
  createMemoryIntentQueue,
  type JobFate,
  type MemoryIntentQueue,
  type MemoryIntentQueueOptions,
} from './memory/memory-intent-queue.ts'
export { createRedisPresence, type Presence, presenceMs, servicesPresent } from './presence/redis-presence.ts'
export {
  createRedisRateLimiter,
  type RedisRateLimiter,
  type RedisRateLimiterOptions,
} from './rate-limiter/redis-rate-limiter.ts'
export {
  type CallRecord,
  type IntentRun,
  type IntentRuns,
  LeaseLostError,
  type RunProgress,
} from './runs/intent-runs.ts'
export {
  createMemoryIntentRuns,
  type MemoryIntentRuns,
  type MemoryIntentRunsOptions,
} from './runs/memory-intent-runs.ts'
export { createPostgresIntentRuns, type PostgresIntentRunsOptions } from './runs/postgres-intent-runs.ts'
export { createMemoryWorkTurn } from './turn/memory-work-turn.ts'
export { createRedisWorkTurn, workTurnHolder } from './turn/redis-work-turn.ts'
export type { WorkTurn } from './turn/work-turn.ts'
