// Tells stories with one mistake in the code until a rule is seen to be broken: node run-mutant.ts NAME FIRST COUNT.
// The last line of its output is a `Hunt` as JSON.

import type { Hunt } from './hunt.ts'
import { mutants } from './known/index.ts'
import { loadMutant } from './load-mutant.ts'

const [name, first, count] = process.argv.slice(2)
const mutant = mutants.find((m) => m.name === name)
if (!mutant) throw new Error(`there is no mutant ${name}`)
const isLoaded = loadMutant(mutant)
// Only now: what it imports is loaded with the mistake.
const { runSeed } = await import('../run-seed.ts')
let hunt: Hunt = { seeds: 0, found: null }
for (let seed = Number(first); hunt.found === null && hunt.seeds < Number(count); seed++) {
  const { violations } = await runSeed(seed)
  if (!isLoaded()) throw new Error(`mutant ${name}: the simulation does not load ${mutant.file}`)
  hunt = {
    seeds: hunt.seeds + 1,
    found: violations[0] === undefined ? null : { seed, violation: violations[0] },
  }
}
process.stdout.write(`${JSON.stringify(hunt)}\n`)
process.exit(0)
