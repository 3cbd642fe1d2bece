export { type Command, type Io, runCli } from './cli.ts'
export type { Memory } from './memory.ts'
