export { canonicalJson, storableText } from './canonical-json.ts'
export { InvalidEventError, LogGapError, StreamMovedError } from './errors.ts'
export type { JsonObject, JsonValue, NewEvent, RecordedEvent } from './event.ts'
export type {
  AppendedEvent,
  AppendOptions,
  AppendResult,
  Checkpoint,
  CheckpointChange,
  Checkpoints,
  EventLog,
  ReadQuery,
  StreamQuery,
  Subscription,
} from './event-log.ts'
export { type LogFault, verifyLog } from './hash-chain.ts'
export {
  createMemoryEventLog,
  type MemoryEventLog,
  type MemoryEventLogOptions,
} from './memory/memory-event-log.ts'
export { type MigrateOptions, migrate } from './migrate/migrate.ts'
export { type SchemaState, schemaState } from './migrate/schema-state.ts'
export { type ConnectOptions, createPool } from './postgres/connect.ts'
export { measureOffset } from './postgres/database-clock.ts'
export { type OpenEventLog, type OpenEventLogOptions, openEventLog } from './postgres/open-event-log.ts'
export { isTransientPostgresError } from './postgres/postgres-errors.ts'
export {
  createPostgresEventLog,
  type PostgresEventLog,
  type PostgresEventLogOptions,
} from './postgres/postgres-event-log.ts'
export { inSchema, type SchemaName, schemaName } from './postgres/schema-name.ts'
export { inTransaction, type Queryable } from './postgres/transaction.ts'
export { createUpcast, type Upcast, type Upcaster } from './upcasting.ts'
