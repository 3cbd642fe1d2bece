import type { Claim } from '@pod-eip/domain'
import { wrap } from './wrap.ts'

/** The size of a terminal, in characters. */
export interface Size {
  columns: number
  rows: number
}

interface Column {
  head: string
  of(claim: Claim): string
}

const columns = {
  claim: { head: 'CLAIM', of: (claim) => claim.key },
  phase: { head: 'PHASE', of: (claim) => claim.phase },
  eip: { head: 'EIP', of: (claim) => claim.address?.id ?? '-' },
  address: { head: 'ADDRESS', of: (claim) => claim.address?.publicIp ?? '-' },
  node: { head: 'NODE', of: nodeOf },
  pod: { head: 'POD', of: podOf },
} satisfies Record<string, Column>

/** The Pod's name is the claim's; what tells one Pod from the next is the beginning of its uid. */
function podOf({ pod }: Claim): string {
  if (!pod || pod.ended) return '-'
  return `${pod.uid.slice(0, 8)}${pod.terminating ? ' (ends)' : ''}`
}

function nodeOf({ binding, pod }: Claim): string {
  return binding?.node ?? (pod?.ended ? null : pod?.node) ?? '-'
}

/** Columns that a narrow terminal does without, in this order. */
const dispensable: (keyof typeof columns)[] = ['pod', 'node']
const gap = '  '
const leastClaimWidth = 20

/**
 * The table's lines, none wider than the terminal and no more than `size.rows`. Where not all claims fit,
 * those that are in trouble or on the move are shown first, and the last line counts the rest.
 */
export function claimTable(claims: Claim[], size: Size): string[] {
  if (claims.length === 0) return wrap('No claims yet: a Pod that asks for an EIP makes one.', size.columns)
  const shown = fitting(claims, size)
  const { chosen, widths } = fitColumns(shown, size.columns)
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => shorten(cell, widths[i]!).padEnd(widths[i]!))
      .join(gap)
      .trimEnd()
      .slice(0, size.columns)
  const rest = claims.filter((claim) => !shown.includes(claim))
  return [
    line(chosen.map(({ head }) => head)),
    ...shown.flatMap((claim) => [line(chosen.map(({ of }) => of(claim))), ...problemLines(claim, size)]),
    ...(rest.length > 0 ? [`… and ${rest.length} more: ${countPhases(rest)}`.slice(0, size.columns)] : []),
  ]
}

/** One claim in one line, for where there is no terminal. */
export function claimLine(claim: Claim): string {
  const { phase, eip, address, node, pod } = columns
  const cells = [
    claim.key.padEnd(34),
    phase.of(claim).padEnd(10),
    eip.of(claim).padEnd(12),
    address.of(claim).padEnd(15),
    node.of(claim).padEnd(10),
    pod.of(claim),
    claim.problem?.message ?? '',
  ]
  return cells.join(gap).trimEnd()
}

function fitting(claims: Claim[], size: Size): Claim[] {
  const heights = new Map(claims.map((claim) => [claim, 1 + problemLines(claim, size).length]))
  const height = (some: Claim[]) => some.reduce((sum, claim) => sum + heights.get(claim)!, 0)
  if (1 + height(claims) <= size.rows) return claims
  const kept: Claim[] = []
  for (const claim of claims.toSorted((a, b) => urgency(b) - urgency(a))) {
    // The head and the line that counts the rest take two.
    if (height(kept) + heights.get(claim)! > Math.max(1, size.rows - 2)) break
    kept.push(claim)
  }
  return claims.filter((claim) => kept.includes(claim))
}

function urgency({ problem, phase }: Claim): number {
  if (problem) return 2
  return phase === 'Bound' || phase === 'Retained' ? 0 : 1
}

function problemLines({ problem }: Claim, size: Size): string[] {
  return problem
    ? wrap(problem.message, size.columns - 4).map((line, i) => `${i ? '    ' : '  ↳ '}${line}`)
    : []
}

function fitColumns(claims: Claim[], width: number) {
  const names = Object.keys(columns) as (keyof typeof columns)[]
  const widthOf = ({ head, of }: Column) => Math.max(head.length, ...claims.map((claim) => of(claim).length))
  const total = (widths: number[]) => widths.reduce((sum, w) => sum + w + gap.length, -gap.length)
  for (let dropped = 0; ; dropped++) {
    const gone = dispensable.slice(0, dropped)
    const chosen: Column[] = names.filter((name) => !gone.includes(name)).map((name) => columns[name])
    const widths = chosen.map(widthOf)
    const excess = Math.max(0, total(widths) - width)
    const claimWidth = widths[0]! - excess
    if (claimWidth >= Math.min(leastClaimWidth, widths[0]!) || dropped === dispensable.length) {
      return { chosen, widths: [Math.max(leastClaimWidth, claimWidth), ...widths.slice(1)] }
    }
  }
}

/** The middle goes: the end of a Pod's name is what tells it from its siblings. */
function shorten(text: string, width: number): string {
  if (text.length <= width) return text
  const end = Math.floor((width - 1) / 2)
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`
}

function countPhases(claims: Claim[]): string {
  const counts = new Map<string, number>()
  for (const { phase } of claims) counts.set(phase, (counts.get(phase) ?? 0) + 1)
  return [...counts].map(([phase, count]) => `${count} ${phase}`).join(', ')
}
