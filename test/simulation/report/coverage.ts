import { type ClaimPhase, claimPhases, emptyWorld, foldEvent, schemaVersions } from '@pod-eip/domain'
import { toDomainEvent } from '@pod-eip/read-models'
import type { ControlPlane } from '../stage/control-plane.ts'

/** How often what was reached: by kind of thing, then by name. */
export interface Coverage {
  'event types': Map<string, number>
  phases: Map<string, number>
  /** Calls of the services, and after or before how many of each it was killed. */
  'kills before and after calls': Map<string, number>
  /** What befell, without kills at calls. */
  faults: Map<string, number>
  /** What befell claims in each phase: by `fault|phase`. */
  pairs: Map<string, number>
}

/** Gathers what one story reaches. */
export interface CoverageOfStory {
  /** Something befell claims in these phases. */
  befell(what: string, phases: readonly ClaimPhase[]): void
  /** All of it, at the story's end. */
  of(plane: ControlPlane): Coverage
}

/** Such as `worker killed before cloud.releaseAddresses`. */
const isKill = (fault: string) => / killed (before|after) /.test(fault)

export function emptyCoverage(): Coverage {
  return {
    // What is never reached is shown as well.
    'event types': new Map(Object.keys(schemaVersions).map((type) => [type, 0])),
    phases: new Map(claimPhases.map((phase) => [phase, 0])),
    'kills before and after calls': new Map(),
    faults: new Map(),
    pairs: new Map(),
  }
}

export function createCoverage(): CoverageOfStory {
  const coverage = emptyCoverage()
  return {
    befell(what, phases) {
      add(isKill(what) ? coverage['kills before and after calls'] : coverage.faults, what)
      // Kills at calls that have nothing to do with a claim say nothing of one.
      const fault = isKill(what) ? what.replace(/ (before|after) .*/, '') : what
      for (const phase of new Set(phases)) add(coverage.pairs, `${fault}|${phase}`)
    },
    of(plane) {
      const world = emptyWorld()
      for (const recorded of plane.log.readNow({ after: 0, limit: Number.MAX_SAFE_INTEGER })) {
        const event = toDomainEvent(recorded)
        if (recorded.schemaVersion < schemaVersions[event.type]) {
          add(coverage.faults, 'event read that a build before wrote in another schema')
        }
        add(coverage['event types'], event.type)
        const key = 'claim' in event.data ? event.data.claim : ''
        const before = world.claims.get(key)?.phase
        foldEvent(world, event)
        const after = world.claims.get(key)?.phase
        if (after && after !== before) add(coverage.phases, after)
      }
      for (const call of plane.calls.keys()) {
        const [service, method] = call.split(' ')
        for (const when of ['before', 'after']) {
          add(coverage['kills before and after calls'], `${service} killed ${when} ${method}`, 0)
        }
      }
      return coverage
    },
  }
}

/** Adds what a story reached to what others did. */
export function addCoverage(total: Coverage, more: Coverage): void {
  for (const kind of Object.keys(total) as (keyof Coverage)[]) {
    for (const [name, count] of more[kind]) add(total[kind], name, count)
  }
}

/** What was reached, in columns; what never was comes first. */
export function coverageTable(coverage: Coverage): string {
  const { pairs, ...lists } = coverage
  return Object.entries(lists).map(listOf).join('') + pairTable(pairs)
}

function listOf([kind, counts]: [string, Map<string, number>]): string {
  const sorted = [...counts].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))
  const reached = sorted.filter(([, count]) => count > 0).length
  const lines = sorted.map(([name, count]) => `  ${String(count).padStart(8)}  ${name}\n`)
  return `${kind}: ${reached} of ${sorted.length}\n${lines.join('')}`
}

function pairTable(pairs: Map<string, number>): string {
  const faults = [...new Set([...pairs.keys()].map((pair) => pair.split('|')[0]!))].sort()
  const of = (fault: string, phase: string) => pairs.get(`${fault}|${phase}`) ?? 0
  const reached = pairs.size
  const head = claimPhases.map((phase) => phase.padStart(11)).join('')
  const rows = faults.map(
    (fault) => `${claimPhases.map((phase) => String(of(fault, phase)).padStart(11)).join('')}  ${fault}\n`,
  )
  return `what befell claims in each phase: ${reached} of ${faults.length * claimPhases.length}\n${head}\n${rows.join('')}`
}

function add(counts: Map<string, number>, name: string, count = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + count)
}
