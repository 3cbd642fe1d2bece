export { startWatcher } from './start.ts'
export {
  createWatcher,
  type Watcher,
  type WatcherDeps,
  type WatcherHealth,
  type WatcherSettings,
} from './watcher.ts'
export { watcherSettings } from './watcher-settings.ts'
