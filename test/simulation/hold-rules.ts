import { expect, test } from 'vitest'
import { runSeed } from './run-seed.ts'

/** Seeds in one test: short enough that a failure comes soon. */
const seedsPerTest = 10

/** The rules I1 to I9 over stories from seeds; a failing seed prints its story and how to run it again. */
export function holdRules(first: number, count: number): void {
  for (let from = first; from < first + count; from += seedsPerTest) {
    test(`the rules hold in the stories of seeds ${from} to ${from + seedsPerTest - 1}`, async () => {
      for (let seed = from; seed < from + seedsPerTest; seed++) {
        const { violations, story, evidence } = await runSeed(seed)
        const told = [`npm run simulate -- --seed ${seed}`, ...violations, ...story, ...evidence].join('\n')
        expect(violations, told).toEqual([])
      }
    })
  }
}
