import type { ServiceName } from '../e2e/harness/services.ts'
import { type Aim, nameOf } from './steps/strikes.ts'

/** What a run of kills has done, as a table: a row for each service. */
export function killTable(struck: readonly Aim[], known: readonly string[], notMet: readonly Aim[]): string {
  const rows = [...Map.groupBy(struck, ({ service }) => service)].map(([service, aims]) => {
    const points = new Set(aims.map(nameOf))
    return [service, String(pointsOf(service, known)), String(points.size), String(aims.length)]
  })
  rows.push([
    'together',
    String(known.length),
    String(new Set(struck.map(nameOf)).size),
    String(struck.length),
  ])
  const lines = [['service', 'points', 'struck', 'kills'], ...rows].map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(12) : cell.padStart(8))).join(''),
  )
  return [...lines, ...notMet.map((aim) => `not met again: ${nameOf(aim)} #${aim.passing}`)].join('\n')
}

function pointsOf(service: ServiceName, known: readonly string[]): number {
  return known.filter((name) => name.startsWith(`${service}: `)).length
}
