import { faults } from './faults/index.ts'
import { createHistory } from './history/history.ts'
import { createWatchman } from './invariants/watchman.ts'
import { type Coverage, coverageOf } from './report/coverage.ts'
import { evidence } from './report/evidence.ts'
import { drawClimate } from './stage/climate.ts'
import { type ControlPlane, createControlPlane } from './stage/control-plane.ts'
import { drawFor } from './stage/draw.ts'
import { createOperator } from './stage/operator.ts'
import { createStage } from './stage/stage.ts'

export interface SeedReport {
  seed: number
  /** Empty when every rule held. */
  violations: string[]
  steps: number
  /** Minutes of virtual time. */
  minutes: number
  crashes: number
  events: number
  cloudCalls: number
  /** What the story reached. */
  coverage: Coverage
  /** The story, in words, with times; the way to understand a violation. */
  story: string[]
  /** Claims and addresses named by a violation: their events and the cloud's ledger. */
  evidence: string[]
}

/** How long the storm lasts, in ms; longer where retained claims expire. */
const stormMs = 5 * 60_000
const expiringStormMs = 14 * 60_000
/** In the calm after it everything must come right: at the latest after so many minutes, long back-offs included. */
const calmMinutes = 25

/** One run: a story in a storm of faults, then calm; the rules are watched throughout and checked at the end. */
export async function runSeed(seed: number): Promise<SeedReport> {
  const stage = createStage(seed)
  const { clock } = stage
  const random = drawFor(seed, 'story')
  const begin = clock.now()
  const story: string[] = []
  const line = (at: number, what: string) => `${((at - begin) / 1000).toFixed(1).padStart(7)} s  ${what}`
  const tell = (what: string) => story.push(line(clock.now(), what))

  let storm = true
  const climate = drawClimate(drawFor(seed, 'climate'))
  const struck: Record<string, number> = {}
  const count = (what: string) => {
    struck[what] = (struck[what] ?? 0) + 1
  }
  const around = faults.map((fault) =>
    fault.inStory({
      stage,
      random: drawFor(seed, fault.name),
      stormy: () => storm,
      plane: () => plane,
      count,
    }),
  )
  const plane: ControlPlane = createControlPlane(stage, {
    weather: () => (storm ? climate : { crash: 0, latencyMs: 20 }),
    faults: around,
    claimExpiredMs: climate.claimExpiredMs,
    cascade: climate.cascade,
    guard: climate.guard,
    copies: climate.copies,
  })
  const watchman = createWatchman(stage, plane)
  const history = createHistory(stage, random)
  const operator = createOperator(stage, plane)
  plane.start()

  const end = begin + (climate.claimExpiredMs === null ? stormMs : expiringStormMs)
  while (clock.now() < end) {
    await clock.runUntil(clock.now() + random.next() ** 2 * 20_000)
    watchman.look()
    const fault = around.find((f) => f.strike && random.next() < f.strike.probability)
    tell(fault?.strike?.happen() ?? history.next())
    if (random.next() < 0.2) for (const word of await operator.answer()) tell(word)
  }
  storm = false
  for (const fault of around) fault.calm?.()
  tell('calm')
  let wrong: string[] = []
  for (let minute = 0; minute < calmMinutes; minute++) {
    await clock.runUntil(clock.now() + 60_000)
    watchman.look()
    for (const word of await operator.answer()) tell(word)
    wrong = await watchman.checkAtRest()
    if (wrong.length === 0) break
  }
  const violations = [...watchman.violations, ...wrong]
  for (const failure of plane.failures) {
    violations.push(`a process died of itself: ${failure instanceof Error ? failure.stack : String(failure)}`)
  }
  return {
    seed,
    violations,
    steps: clock.steps(),
    minutes: Math.round((clock.now() - begin) / 60_000),
    crashes: plane.crashes.length,
    events: plane.log.headNow(),
    cloudCalls: watchman.changes(),
    coverage: coverageOf(plane, struck),
    evidence: evidence(stage, plane, violations, begin),
    story: [...story, ...plane.crashes.map((c) => line(c.at, `${c.process} killed ${c.point}`))].sort(),
  }
}
