import { Worker } from 'node:worker_threads'
import type { Coverage } from '../report/coverage.ts'

/** What is kept of one story when there are many. */
export interface SeedResult {
  seed: number
  counts: Counts
  coverage: Coverage
  violations: string[]
}

export interface Counts {
  steps: number
  crashes: number
  events: number
  cloudCalls: number
}

/** What is left of a story is cleared away sooner than V8 would by itself; a story needs a tenth of this. */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 }

/**
 * Tells the stories of the seeds `next` gives, on so many threads, until it gives none.
 * @param done called with each as it ends, in no order
 */
export async function runPool(
  threads: number,
  next: () => number | null,
  done: (result: SeedResult) => void,
): Promise<void> {
  await Promise.all(Array.from({ length: threads }, () => runThread(next, done)))
}

function runThread(next: () => number | null, done: (result: SeedResult) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits })
    const send = () => {
      const seed = next()
      if (seed !== null) return worker.postMessage(seed)
      void worker.terminate().then(() => resolve())
    }
    worker.on('error', reject)
    worker.on('message', (result: SeedResult) => {
      done(result)
      send()
    })
    send()
  })
}
