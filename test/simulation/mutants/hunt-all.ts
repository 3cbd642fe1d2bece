import { availableParallelism } from 'node:os'
import { type Hunt, hunt } from './hunt.ts'
import { seenMutants } from './known/index.ts'
import { unseenMutants } from './known/unseen.ts'
import type { Mutant } from './mutant.ts'

/** Stories in which a mistake has to be seen. */
const enough = 300

/**
 * Hunts all mutants and prints how many seeds each took, and by which rule it was found.
 * @param options `seed`: the first; `seeds`: at most so many for each; `only`: a part of the names of those meant;
 * `unseen`: those that were not found yet
 * @returns the exit code: 1 when one survives, or does not run
 */
export async function huntAll(options: {
  seed?: string
  seeds?: string
  only?: string
  unseen?: boolean
}): Promise<number> {
  const { only = '', unseen = false } = options
  const first = Number(options.seed ?? 1)
  const most = Number(options.seeds ?? enough)
  const wanted = (unseen ? unseenMutants : seenMutants).filter(({ name }) => name.includes(only))
  const width = Math.max(...wanted.map(({ name }) => name.length))
  const waiting = [...wanted]
  const survivors: Mutant[] = []
  let seeds = 0
  let broken = 0
  const began = Date.now()

  async function work(): Promise<void> {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      try {
        const result = await hunt(mutant, first, most)
        seeds += result.seeds
        if (!result.found) survivors.push(mutant)
        process.stdout.write(`${lineOf(mutant, result, width)}\n`)
      } catch (error) {
        broken += 1
        process.stdout.write(`${error instanceof Error ? error.message : error}\n`)
      }
    }
  }
  process.stdout.write(`${'mutant'.padEnd(width)}  seeds  found by\n`)
  await Promise.all(Array.from({ length: availableParallelism() }, work))
  for (const { name, mistake } of survivors) process.stdout.write(`SURVIVES ${name}: ${mistake}\n`)
  process.stdout.write(
    `${wanted.length} mutants from seed ${first}, ${wanted.length - survivors.length - broken} found, ` +
      `${survivors.length} survive, ${broken} do not run, ${seeds} runs, ${((Date.now() - began) / 1000).toFixed(1)} s\n`,
  )
  return survivors.length + broken === 0 ? 0 : 1
}

function lineOf({ name }: Mutant, { seeds, found }: Hunt, width: number): string {
  const by = found ? `${found.violation} (seed ${found.seed})` : `nobody in ${seeds}`
  return `${name.padEnd(width)}  ${String(seeds).padStart(5)}  ${by}`
}
