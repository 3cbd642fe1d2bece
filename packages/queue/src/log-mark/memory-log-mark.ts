import type { LogMark, MarkedEvent } from './log-mark.ts'

/** A mark that can be lost, as when Redis is emptied. */
export interface MemoryLogMark extends LogMark {
  empty(): void
  readNow(): MarkedEvent | null
}

/** The mark among the services of one process. */
export function createMemoryLogMark(): MemoryLogMark {
  let marked: MarkedEvent | null = null
  let doubted = ''
  return {
    read: async () => marked,
    readNow: () => marked,
    async write({ position, hash }) {
      marked = { position, hash }
    },
    doubt: async () => doubted,
    async setDoubt(sentence) {
      doubted = sentence
    },
    empty() {
      marked = null
      doubted = ''
    },
  }
}
