import { parentPort } from 'node:worker_threads'
import { emptyCoverage } from '../report/coverage.ts'
import { runSeed } from '../run-seed.ts'
import type { SeedResult } from './pool.ts'

/** Tells the stories of the seeds that it is sent, one after the other. */
parentPort!.on('message', async (seed: number) => {
  parentPort!.postMessage(await resultOf(seed))
})

async function resultOf(seed: number): Promise<SeedResult> {
  try {
    const { steps, crashes, events, cloudCalls, coverage, violations } = await runSeed(seed)
    return { seed, counts: { steps, crashes, events, cloudCalls }, coverage, violations }
  } catch (error) {
    const what = error instanceof Error ? error.stack : String(error)
    return {
      seed,
      counts: { steps: 0, crashes: 0, events: 0, cloudCalls: 0 },
      coverage: emptyCoverage(),
      violations: [`the simulation itself at its stage: ${what}`],
    }
  }
}
