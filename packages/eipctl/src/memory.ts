import type { EventLog } from '@pod-eip/event-log'
import type { ReadModels } from '@pod-eip/read-models'

/** What pod-eip remembers: the log, and what it comes to. */
export interface Memory {
  log: Pick<EventLog, 'append' | 'read' | 'readStream' | 'head' | 'waitForMore'>
  readModels: ReadModels
  /** How the log went back, in one sentence; empty when it did not, or that cannot be told. */
  wentBack?(): Promise<string>
  close(): Promise<void>
}
