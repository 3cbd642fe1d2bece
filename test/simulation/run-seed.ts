import { seededRandom } from '@pod-eip/runtime'
import { createControlPlane } from './control-plane.ts'
import { createHistory } from './history.ts'
import { checkAtRest, createWatchman } from './invariants.ts'
import type { Weather } from './process.ts'
import { createStage, region } from './stage.ts'

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
  /** The story, in words, with times; the way to understand a violation. */
  story: string[]
  /** Claims and addresses named by a violation: their events and the cloud's ledger. */
  evidence: string[]
}

/** How long the storm lasts, in ms; longer where retained claims expire. */
const stormMs = 5 * 60_000
const expiringStormMs = 14 * 60_000
/** The shortest expiry that an operator may set. */
const expiryMs = 5 * 60_000
/** In the calm after it everything must come right: at the latest after so many minutes, long back-offs included. */
const calmMinutes = 25

/** One run: a story in a storm of faults, then calm; the rules are watched throughout and checked at the end. */
export async function runSeed(seed: number): Promise<SeedReport> {
  const stage = createStage(seed)
  const { clock } = stage
  const random = seededRandom((seed * 7919 + 11) >>> 0)
  const chance = (p: number) => random.next() < p
  const begin = clock.now()
  const story: string[] = []
  const tell = (line: string) =>
    story.push(`${((clock.now() - begin) / 1000).toFixed(1).padStart(7)} s  ${line}`)

  // Each seed has a climate of its own, so that rare faults are common somewhere.
  const climate = {
    crash: chance(0.7) ? random.next() ** 3 * 0.02 : 0,
    latencyMs: chance(0.5) ? 20 : 400,
    cloud: chance(0.8) ? random.next() * 0.15 : 0,
    staleMs: chance(0.5) ? random.next() * 8_000 : 0,
    expires: chance(0.15),
    queue: chance(0.6) ? random.next() * 0.15 : 0,
  }
  let storm = true
  const weather = (): Weather => (storm ? climate : { crash: 0, latencyMs: 20 })
  for (const fault of cloudFaults(climate.cloud)) stage.cloud.faults.add(fault)
  stage.cloud.configure({ staleReadMs: climate.staleMs })

  const plane = createControlPlane(stage, {
    weather,
    queueFate: () => {
      if (!storm || !chance(climate.queue)) return { kind: 'handled' }
      const kinds = [
        { kind: 'lost' },
        { kind: 'doubled' },
        { kind: 'late', ms: random.next() * 20_000 },
      ] as const
      return kinds[Math.floor(random.next() * kinds.length)]!
    },
    claimExpiredMs: climate.expires ? expiryMs : null,
    copies: {
      projector: chance(0.3) ? 2 : 1,
      watcher: chance(0.3) ? 2 : 1,
      worker: chance(0.5) ? 2 : 1,
      publisher: chance(0.3) ? 2 : 1,
    },
  })
  const watchman = createWatchman(stage, plane)
  const history = createHistory(stage, random)
  plane.start()

  while (clock.now() - begin < (climate.expires ? expiringStormMs : stormMs)) {
    await clock.runUntil(clock.now() + random.next() ** 2 * 20_000)
    const disaster = random.next()
    if (disaster < 0.02) {
      tell('every process is killed')
      plane.killAll()
    } else if (disaster < 0.04) {
      tell('Redis is emptied')
      plane.queue.empty()
    } else tell(history.next())
  }
  storm = false
  stage.cloud.faults.clear()
  stage.cloud.configure({ staleReadMs: 0 })
  tell('calm')
  let wrong: string[] = []
  for (let minute = 0; minute < calmMinutes; minute++) {
    await clock.runUntil(clock.now() + 60_000)
    wrong = await checkAtRest(stage, plane)
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
    evidence: evidence(stage, plane, violations, begin),
    story: [
      ...story,
      ...plane.crashes.map(
        (c) => `${((c.at - begin) / 1000).toFixed(1).padStart(7)} s  ${c.process} killed ${c.point}`,
      ),
    ].sort(),
  }
}

function cloudFaults(probability: number) {
  if (probability === 0) return []
  return [
    { kind: 'lost-answer' as const, how: 'hang' as const, probability: probability / 2 },
    { kind: 'lost-answer' as const, probability: probability / 2 },
    { kind: 'lost-request' as const, probability: probability / 2 },
    { kind: 'latency' as const, ms: 9_000, when: 'before' as const, probability: probability / 2 },
    { kind: 'http-error' as const, carriedOut: true, probability: probability / 3 },
    { kind: 'error' as const, code: 'RequestLimitExceeded', probability },
    { kind: 'error' as const, code: 'InternalServerError', probability: probability / 2 },
    { kind: 'failing-task' as const, probability: probability / 2 },
  ]
}

/** What the log and the cloud's ledger say about the claims and addresses that the violations name. */
function evidence(
  stage: ReturnType<typeof createStage>,
  plane: ReturnType<typeof createControlPlane>,
  violations: string[],
  begin: number,
): string[] {
  const text = violations.join(' ')
  const time = (ms: number) => `${((ms - begin) / 1000).toFixed(1).padStart(7)} s `
  const events = plane.log.readNow({ after: 0, limit: Number.MAX_SAFE_INTEGER })
  const ledger = stage.cloud.region({ region }).ledger()
  const eips = new Set(ledger.map((e) => e.addressId).filter((id) => text.includes(id)))
  return [
    ...events
      .filter((e) => text.includes(e.stream.slice('claim/'.length)) && e.stream.startsWith('claim/'))
      .map((e) => `${time(Date.parse(e.occurredAt))} ${e.position} ${e.type} ${JSON.stringify(e.data)}`),
    ...ledger
      .filter((e) => eips.has(e.addressId))
      .map(
        (e) =>
          `${time(e.at)} cloud: ${e.event} ${e.addressId} ${e.clientToken ?? ''} ${e.binding?.privateIpAddress ?? ''}`,
      ),
  ].sort()
}
