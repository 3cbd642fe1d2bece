import type { Memory } from './memory.ts'

/** One verb of eipctl. */
export interface Command {
  name: string
  /** Arguments as the usage shows them. */
  usage: string
  /** One line for the overview. */
  summary: string
  /** What --help says beyond that, line by line. */
  details?: string[]
  /** @returns the exit code */
  run(argv: string[], io: Io): Promise<number>
}

export interface Io {
  /** Opens what the log and the read models remember; closed by the caller of the command. */
  open(): Promise<Memory>
  out(line: string): void
  /** Variables as they are set, or those of the npm start that runs here. */
  environment(): Readonly<Record<string, string | undefined>>
  /** Who runs it, for the log. */
  user(): string
  /** Epoch ms. */
  now(): number
  /** Aborts when the user asks to stop. */
  signal: AbortSignal
}
