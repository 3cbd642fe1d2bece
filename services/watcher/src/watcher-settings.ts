import { clusterSettings, databaseSettings, redisSettings, serviceSettings } from '@pod-eip/runtime'

/** What a watcher is told. */
export const watcherSettings = {
  ...databaseSettings,
  ...redisSettings,
  ...serviceSettings,
  ...clusterSettings,
}
