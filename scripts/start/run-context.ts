import type { StartSettings } from './choices.ts'
import type { Cleanup } from './cleanup.ts'
import type { DataDir } from './data-dir.ts'

/** What every part of one start gets. */
export interface Run {
  settings: StartSettings
  env: NodeJS.ProcessEnv
  dir: DataDir
  /** Gets whatever is started, before the next thing is. */
  cleanup: Cleanup
  signal: AbortSignal
}
