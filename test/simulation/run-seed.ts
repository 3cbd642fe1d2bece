import { faults } from './faults/index.ts'
import { createHistory } from './history/history.ts'
import { createWatchman } from './invariants/watchman.ts'
import type { Coverage } from './report/coverage.ts'
import { createCoverage } from './report/coverage.ts'
import { evidence } from './report/evidence.ts'
import { ruleOf } from './report/rule-of.ts'
import { drawClimate } from './stage/climate.ts'
import { type ControlPlane, createControlPlane } from './stage/control-plane.ts'
import { createOperator } from './stage/operator.ts'
import { createScene } from './stage/scene.ts'
import { createScript } from './stage/script.ts'
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
  /** Names of all that happened and could be left out. */
  happened: string[]
  /** The story, in words, with times; the way to understand a violation. */
  story: string[]
  /** Claims and addresses named by a violation: their events and the cloud's ledger. */
  evidence: string[]
}

/** How a story is told. */
export interface Telling {
  /** Only what has one of these names happens; absent: all that the seed draws. */
  only?: ReadonlySet<string>
  /** The story ends as soon as this rule is broken. */
  untilBroken?: string
}

/** How long the storm lasts, in ms; longer where retained claims expire. */
const stormMs = 5 * 60_000
const expiringStormMs = 14 * 60_000
/** The longest between two moments of the storm, in ms. */
const longestPauseMs = 20_000
/** A story in which only some things happen is over so long after the last of them, in ms. */
const afterLastMs = 30_000
/** In the calm after it everything must come right: at the latest after so many minutes, long back-offs included. */
const calmMinutes = 25

/** One run: a story in a storm of faults, then calm; the rules are watched throughout and checked at the end. */
export async function runSeed(seed: number, telling: Telling = {}): Promise<SeedReport> {
  const script = createScript(seed, telling.only)
  const stage = createStage(script)
  const { clock } = stage
  const begin = clock.now()
  const story: string[] = []
  const tell = (what: string) => {
    story.push(`${((clock.now() - begin) / 1000).toFixed(1).padStart(7)} s  ${what}`)
  }

  let storm = true
  const climate = drawClimate(script, tell)
  const coverage = createCoverage()
  const around = faults.map((fault) => ({
    name: fault.name,
    ...fault.inStory(
      createScene(fault.name, { script, stage, coverage, tell, stormy: () => storm, plane: () => plane }),
    ),
  }))
  for (const { cloudFate } of around) if (cloudFate) stage.cloudFates.push(cloudFate)
  const plane: ControlPlane = createControlPlane(stage, {
    script,
    latencyMs: () => (storm ? climate.latencyMs : 20),
    faults: around,
    settings: climate.settings,
    copies: climate.copies,
  })
  const watchman = createWatchman(stage, plane)
  const history = createHistory(stage, plane)
  const operator = createOperator(stage, plane)
  const isBroken = () => watchman.violations.some((violation) => ruleOf(violation) === telling.untilBroken)
  plane.start()

  let end = begin + (climate.settings.claimExpiredMs === null ? stormMs : expiringStormMs)
  for (let number = 1; clock.now() < end; number++) {
    const moment = `moment ${number}`
    await clock.runUntil(clock.now() + script.chance(`pause before ${moment}`) ** 2 * longestPauseMs)
    watchman.look()
    if (script.happens(moment)) {
      const random = script.source(moment)
      const fault = around.find(
        (f) => f.strike && script.chance(`${f.name} ${moment}`) < f.strike.probability,
      )
      const what = fault?.strike ? fault.strike.happen(random) : history.next(random)
      if (what === null) script.takeBack()
      else tell(what)
    }
    if (telling.only && script.happened.length === telling.only.size) {
      end = Math.min(end, clock.now() + afterLastMs)
    }
    if (isBroken()) break
    if (script.chance(`operator ${moment}`) < 0.2) for (const word of await operator.answer()) tell(word)
  }
  storm = false
  for (const fault of around) fault.calm?.()
  tell('calm')
  let wrong: string[] = []
  for (let minute = 0; minute < calmMinutes && !isBroken(); minute++) {
    await clock.runUntil(clock.now() + 60_000)
    watchman.look()
    for (const word of await operator.answer()) tell(word)
    wrong = await watchman.checkAtRest()
    if (wrong.length === 0 && plane.undertakings.size === 0) break
  }
  const violations = [...watchman.violations, ...wrong]
  for (const failure of plane.failures) {
    violations.push(`a process died of itself: ${failure instanceof Error ? failure.stack : String(failure)}`)
  }
  // Abort signals that somebody listens to stay in memory until they abort, and the whole story with them.
  plane.close()
  await clock.runUntil(clock.now())
  return {
    seed,
    violations,
    steps: clock.steps(),
    minutes: Math.round((clock.now() - begin) / 60_000),
    crashes: plane.crashes(),
    events: plane.log.headNow(),
    cloudCalls: watchman.changes(),
    coverage: coverage.of(plane),
    happened: [...script.happened],
    story,
    evidence: evidence(stage, plane, violations, begin),
  }
}
