export {
  type EmbeddedPostgresOptions,
  type EmbeddedStore,
  startEmbeddedPostgres,
} from './embedded-postgres.ts'
export { type EmbeddedValkeyOptions, startEmbeddedValkey } from './embedded-valkey.ts'
export { freePort, isPortFree, onPort } from './free-port.ts'
export { type FindKubectlOptions, findKubectl } from './kubectl.ts'
export type { ServerUser } from './postgres-binaries.ts'
export { type GuardedCommand, type GuardedProcess, spawnGuarded } from './process-guard.ts'
export {
  createTestDatabase,
  postgresUrlForTests,
  redisUrlForTests,
  type TestDatabase,
  uniquePrefix,
} from './test-stores.ts'
