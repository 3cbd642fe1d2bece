import type { Claim } from '@pod-eip/domain'
import { formatTable } from '@pod-eip/eipctl'

/** Where the table is drawn. */
export interface Screen {
  isTTY: boolean
  columns: number
  rows: number
  write(text: string): void
}

/** The table of claims: redrawn in place on a terminal, a line for each change elsewhere. */
export function createClaimTable(screen: Screen) {
  let drawn = 0
  let last = ''
  const lastLines = new Map<string, string>()

  function drawInPlace(claims: Claim[], below: string[]): void {
    const table = formatTable(head, claims.map(row)).split('\n')
    const room = Math.max(3, screen.rows - below.length - 2)
    const shown =
      table.length > room ? [...table.slice(0, room - 1), `… and ${table.length - room + 1} more`] : table
    const lines = [...shown, '', ...below].map((line) => line.slice(0, Math.max(20, screen.columns - 1)))
    const text = lines.join('\n')
    if (text === last) return
    // Up to the first line of what was drawn, and everything from there on erased.
    screen.write(`${drawn > 0 ? `\u001b[${drawn}A` : ''}\r\u001b[J${text}\n`)
    drawn = lines.length
    last = text
  }
  function printChanges(claims: Claim[]): void {
    for (const claim of claims) {
      const line = row(claim).join('  ').trimEnd()
      if (lastLines.get(claim.key) === line) continue
      lastLines.set(claim.key, line)
      screen.write(`${line}\n`)
    }
  }
  return {
    update(claims: Claim[], below: string[]): void {
      if (screen.isTTY) drawInPlace(claims, below)
      else printChanges(claims)
    },
  }
}

const head = ['CLAIM', 'PHASE', 'EIP', 'ADDRESS', 'POD', 'NODE', '']

function row(claim: Claim): string[] {
  const pod =
    claim.pod && !claim.pod.ended ? `${claim.key.split('/')[1]} (${claim.pod.uid.slice(0, 8)})` : '-'
  return [
    claim.key,
    claim.phase,
    claim.address?.id ?? '-',
    claim.address?.publicIp ?? '-',
    pod,
    claim.binding?.node ?? '-',
    claim.problem?.message ?? '',
  ]
}
