export { type Clock, systemClock } from './clock.ts'
export {
  cascadeSettings,
  clusterSettings,
  databaseSettings,
  egressSettings,
  portNumber,
  redisSettings,
  serviceSettings,
} from './common-settings.ts'
export { dnsLabel, dnsName, longestDnsName } from './dns-name.ts'
export { listenFault } from './listen-fault.ts'
export { createLogger, type Logger, silentLogger } from './logger.ts'
export { Counter, createMetrics, Gauge, type Metrics } from './metrics.ts'
export { forTerminal, presentable, presentableId } from './presentable.ts'
export { createPulse, type Pulse } from './pulse.ts'
export { type Ids, type Random, seededIds, seededRandom, systemIds, systemRandom } from './random.ts'
export { runService, type Service, type StartedService } from './run-service.ts'
export {
  describeSettings,
  flagsAsVariables,
  HelpRequested,
  joinSettings,
  readSettings,
  type SettingSpec,
  type SettingSpecs,
  SettingsError,
  type SettingsOf,
} from './settings.ts'
export { connectionFault } from './stores/connection-fault.ts'
export { StoreError, storeError } from './stores/store-error.ts'
export { databaseAddress, redisAddress } from './stores/tls-folder.ts'
