import { claimPhases, emptyWorld, foldEvent, schemaVersions } from '@pod-eip/domain'
import { toDomainEvent } from '@pod-eip/read-models'
import type { ControlPlane } from '../stage/control-plane.ts'

/** How often what was reached: by kind of thing, then by name. */
export type Coverage = Record<CoverageKind, Map<string, number>>
type CoverageKind = 'event types' | 'phases' | 'faults' | 'crashes at a cloud call' | 'crashes elsewhere'

const changingCalls = ['allocateAddresses', 'associateAddress', 'disassociateAddress', 'releaseAddresses']

export function emptyCoverage(): Coverage {
  return {
    // What is never reached is shown as well.
    'event types': new Map(Object.keys(schemaVersions).map((type) => [type, 0])),
    phases: new Map(claimPhases.map((phase) => [phase, 0])),
    faults: new Map(),
    'crashes at a cloud call': new Map(
      changingCalls.flatMap((call) => ['before', 'after'].map((when) => [`worker ${when} cloud.${call}`, 0])),
    ),
    'crashes elsewhere': new Map(),
  }
}

/** What one story reached. */
export function coverageOf(plane: ControlPlane, struck: Record<string, number>): Coverage {
  const coverage = emptyCoverage()
  const world = emptyWorld()
  for (const recorded of plane.log.readNow({ after: 0, limit: Number.MAX_SAFE_INTEGER })) {
    const event = toDomainEvent(recorded)
    add(coverage['event types'], event.type)
    const key = 'claim' in event.data ? event.data.claim : ''
    const before = world.claims.get(key)?.phase
    foldEvent(world, event)
    const after = world.claims.get(key)?.phase
    if (after && after !== before) add(coverage.phases, after)
  }
  for (const [fault, count] of Object.entries(struck)) add(coverage.faults, fault, count)
  for (const { process, point } of plane.crashes) {
    const service = process.replace(/-\d+$/, '')
    const kind = / cloud\./.test(point) ? 'crashes at a cloud call' : 'crashes elsewhere'
    add(coverage[kind], `${service} ${point}`)
  }
  return coverage
}

/** Adds what a story reached to what others did. */
export function addCoverage(total: Coverage, more: Coverage): void {
  for (const kind of Object.keys(total) as CoverageKind[]) {
    for (const [name, count] of more[kind]) add(total[kind], name, count)
  }
}

/** What was reached, in columns; what never was comes first. */
export function coverageTable(coverage: Coverage): string {
  return (Object.entries(coverage) as [CoverageKind, Map<string, number>][])
    .map(([kind, counts]) => {
      const sorted = [...counts].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))
      const reached = sorted.filter(([, count]) => count > 0).length
      const lines = sorted.map(([name, count]) => `  ${String(count).padStart(7)}  ${name}\n`)
      return `${kind}: ${reached} of ${sorted.length}\n${lines.join('')}`
    })
    .join('')
}

function add(counts: Map<string, number>, name: string, count = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + count)
}
