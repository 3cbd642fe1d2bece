export type { LogMark, MarkedEvent } from './log-mark.ts'
export { type OpenLogMark, openLogMark } from './open-log-mark.ts'
export { createRedisLogMark } from './redis-log-mark.ts'
