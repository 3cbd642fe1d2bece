import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { huntAll } from './mutants/hunt-all.ts'
import { addCoverage, coverageTable, emptyCoverage } from './report/coverage.ts'
import { ruleOf } from './report/rule-of.ts'
import { shrink } from './report/shrink.ts'
import { runSeed, type SeedReport } from './run-seed.ts'
import { type Counts, runPool, type SeedResult } from './runner/pool.ts'
import { hasOlderSchemas } from './schemas/older-schemas.ts'

const usage = `simulate: npm run simulate -- [--seeds N] [--seed S] [--seconds T] [--threads K] [--story] [--only NAMES]

  --seeds N     tell N stories (100; 1 with --seed)
  --seed S      from this seed on (else from the time)
  --seconds T   begin no further story after T seconds
  --threads K   on K threads (as many as there are cores)
  --story       tell one story in words, with all that happened
  --only NAMES  tell it with nothing but this, names with ; between them
  --mutants     with each known mistake in the code, until a rule is seen to be broken; --only: whose names have this
                in them; --unseen: those that no story has shown yet
  --older-schemas  events are written in the schemas of a build before, until an upgrade
  --shrink-seconds T  look so long for the shortest story that breaks a rule as a failing one does (120; 0 for not)
`
/** Failing stories that are shortened: of each rule the first, and no more than so many. */
const mostShrunk = 3
const progressEveryMs = 10_000

const { values } = parseOrExit()
if (values['older-schemas'] && !hasOlderSchemas) process.exit(againWithOlderSchemas())
const again = `npm run simulate --${hasOlderSchemas ? ' --older-schemas' : ''}`
if (values.mutants) process.exit(await huntAll(values))
const one = values.seed !== undefined && values.seeds === undefined
const count = Number(values.seeds ?? (one ? 1 : 100))
const first = values.seed === undefined ? Math.floor(Date.now() % 1_000_000) * 1_000 : Number(values.seed)
const seconds = Number(values.seconds ?? Number.POSITIVE_INFINITY)
const shrinkSeconds = Number(values['shrink-seconds'] ?? 120)
const threads = Number(values.threads ?? availableParallelism())
if (
  ![count, threads].every((n) => Number.isInteger(n) && n >= 1) ||
  !Number.isInteger(first) ||
  !(seconds > 0)
) {
  process.stderr.write(usage)
  process.exit(2)
}
process.exit((await (one ? tellOne() : tellMany())) ? 1 : 0)

/** Tells one story. True when a rule broke. */
async function tellOne(): Promise<boolean> {
  const only =
    values.only === undefined ? undefined : new Set(values.only.split(';').map((name) => name.trim()))
  const report = await runSeed(first, only && { only })
  const failed = report.violations.length > 0
  if (values.story || values.only !== undefined) print(report)
  else if (failed) await printShortest(report)
  process.stdout.write(
    `seed ${first}: ${report.steps} steps, ${report.events} events, ${report.crashes} crashes, ${report.cloudCalls} changes in the cloud, ${report.happened.length} happenings, ${report.violations.length} violations\n`,
  )
  return failed
}

/** Tells many, on all cores. True when a rule broke in one. */
async function tellMany(): Promise<boolean> {
  const began = Date.now()
  const counts: Counts = { steps: 0, crashes: 0, events: 0, cloudCalls: 0 }
  const coverage = emptyCoverage()
  const failing: SeedResult[] = []
  let given = 0
  let ended = 0
  let interrupted = false
  process.once('SIGINT', () => {
    interrupted = true
  })
  const elapsed = () => Date.now() - began
  const totals = () =>
    `${ended} runs from seed ${first}: ${counts.steps} steps, ${counts.events} events, ${counts.crashes} crashes, ` +
    `${counts.cloudCalls} changes in the cloud, ${failing.length} with violations, ${(elapsed() / 1000).toFixed(1)} s`
  const progress = setInterval(() => {
    const memory = Math.round(process.memoryUsage.rss() / 1e6)
    process.stderr.write(`  ${totals()}, ${memory} MB\n`)
  }, progressEveryMs)
  progress.unref()
  process.stdout.write(`seeds from ${first} on, ${Math.min(threads, count)} threads\n`)

  await runPool(
    Math.min(threads, count),
    () => (given < count && elapsed() < seconds * 1000 && !interrupted ? first + given++ : null),
    (result) => {
      ended += 1
      for (const key of Object.keys(counts) as (keyof Counts)[]) counts[key] += result.counts[key]
      addCoverage(coverage, result.coverage)
      if (result.violations.length === 0) return
      failing.push(result)
      process.stdout.write(`seed ${result.seed}\n`)
      for (const violation of result.violations) process.stdout.write(`  VIOLATION ${violation}\n`)
      process.stdout.write(`  again: ${again} --seed ${result.seed}\n`)
    },
  )
  clearInterval(progress)
  if (shrinkSeconds > 0 && !interrupted) await shortenSome(failing)
  process.stdout.write(`${coverageTable(coverage)}${totals()}\n`)
  for (const [rule, seeds] of byRule(failing)) {
    process.stdout.write(`  ${rule} broke in ${seeds.length}: ${seeds.slice(0, 20).join(', ')}\n`)
  }
  return failing.length > 0
}

function byRule(failing: SeedResult[]): Map<string, number[]> {
  const rules = new Map<string, number[]>()
  for (const { seed, violations } of failing) {
    const rule = ruleOf(violations[0]!)
    rules.set(rule, [...(rules.get(rule) ?? []), seed])
  }
  return rules
}

/** Of each rule that broke the first story is shortened. */
async function shortenSome(failing: SeedResult[]): Promise<void> {
  for (const [, seeds] of [...byRule(failing)].slice(0, mostShrunk)) {
    const report = await runSeed(seeds[0]!)
    if (report.violations.length > 0) await printShortest(report)
  }
}

async function printShortest(report: SeedReport): Promise<void> {
  process.stderr.write(`  looking for the shortest story of seed ${report.seed} that breaks the same rule\n`)
  const end = Date.now() + shrinkSeconds * 1000
  const shortest = shrinkSeconds === 0 ? report : await shrink(report, () => Date.now() < end)
  process.stdout.write(
    `the shortest story of seed ${report.seed} that breaks ${ruleOf(report.violations[0]!)}: ${shortest.happened.length} of ${report.happened.length} happenings\n`,
  )
  print(shortest)
  process.stdout.write(`  again: ${again} --seed ${report.seed} --only '${shortest.happened.join('; ')}'\n`)
  process.stdout.write(`  whole: ${again} --seed ${report.seed} --story\n`)
}

function print({ seed, story, violations, evidence }: SeedReport): void {
  process.stdout.write(`seed ${seed}\n${story.map((line) => `  ${line}\n`).join('')}`)
  for (const violation of violations) process.stdout.write(`  VIOLATION ${violation}\n`)
  for (const line of evidence) process.stdout.write(`    ${line}\n`)
}

/** The same in a process that loads the code of a build with other schemas. @returns its exit code */
function againWithOlderSchemas(): number {
  const loader = new URL('schemas/load-older-schemas.ts', import.meta.url).href
  const { status } = spawnSync(process.execPath, ['--import', loader, ...process.argv.slice(1)], {
    stdio: 'inherit',
  })
  return status ?? 1
}

function parseOrExit() {
  try {
    return parseArgs({
      options: {
        seeds: { type: 'string' },
        seed: { type: 'string' },
        seconds: { type: 'string' },
        threads: { type: 'string' },
        story: { type: 'boolean' },
        only: { type: 'string' },
        mutants: { type: 'boolean' },
        unseen: { type: 'boolean' },
        'shrink-seconds': { type: 'string' },
        'older-schemas': { type: 'boolean' },
      },
    })
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
}
