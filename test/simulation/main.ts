import { parseArgs } from 'node:util'
import { addCoverage, coverageTable, emptyCoverage } from './report/coverage.ts'
import { runSeed } from './run-seed.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    story: { type: 'boolean' },
  },
})
const count = Number(values.seeds ?? (values.seed === undefined ? 100 : 1))
const first = values.seed === undefined ? Math.floor(Date.now() % 1_000_000) * 1_000 : Number(values.seed)
if (!Number.isInteger(count) || count < 1 || !Number.isInteger(first)) {
  process.stderr.write('simulate: give --seeds N, a whole number from 1, or --seed S\n')
  process.exit(2)
}
const totals = { steps: 0, crashes: 0, events: 0, cloudCalls: 0 }
const coverage = emptyCoverage()
let failed = 0
const began = Date.now()
for (let seed = first; seed < first + count; seed++) {
  const report = await runSeed(seed)
  for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += report[key]
  addCoverage(coverage, report.coverage)
  if (report.violations.length === 0 && !values.story) continue
  if (report.violations.length > 0) failed += 1
  process.stdout.write(`seed ${seed}\n${report.story.map((l) => `  ${l}\n`).join('')}`)
  for (const violation of report.violations) process.stdout.write(`  VIOLATION ${violation}\n`)
  for (const line of report.evidence) process.stdout.write(`    ${line}\n`)
  process.stdout.write(`  again: npm run simulate -- --seed ${seed}\n`)
}
process.stdout.write(coverageTable(coverage))
process.stdout.write(
  `${count} runs from seed ${first}: ${totals.steps} steps, ${totals.events} events, ${totals.crashes} crashes, ` +
    `${totals.cloudCalls} changes in the cloud, ${failed} with violations, ${((Date.now() - began) / 1000).toFixed(1)} s\n`,
)
process.exit(failed > 0 ? 1 : 0)
