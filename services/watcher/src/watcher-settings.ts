import { clusterSettings, databaseSettings, serviceSettings } from '@pod-eip/runtime'

/** What a watcher is told. */
export const watcherSettings = { ...databaseSettings, ...serviceSettings, ...clusterSettings }
