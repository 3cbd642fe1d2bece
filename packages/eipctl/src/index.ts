export { runCli } from './cli.ts'
export type { Command, Io } from './command.ts'
export type { Memory } from './memory.ts'
export { formatTable } from './table.ts'
