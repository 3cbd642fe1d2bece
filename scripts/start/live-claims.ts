import type { Claim } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'
import { systemClock } from '@pod-eip/runtime'
import { claimLine, claimTable, type Size } from './claim-table.ts'
import { nextSteps, type Setting } from './next-steps.ts'
import { createScreen, heightOf, type Terminal } from './screen.ts'

/** How often the claims are read, in ms. */
const refreshMs = 200

/** Shows the claims as they change, until the signal aborts: in place on a terminal, else line by line. */
export async function showClaims(deps: {
  readModels: Pick<ReadModels, 'claims'>
  setting: Setting
  signal: AbortSignal
}): Promise<void> {
  const view = process.stdout.isTTY ? tableView(deps.setting) : lineView(deps.setting)
  while (!deps.signal.aborted) {
    // While Postgres is away the last picture stays; the services tell of it in their log.
    const claims = await deps.readModels.claims({ open: true }).catch(() => null)
    if (claims && !deps.signal.aborted) view(claims)
    await systemClock.sleep(refreshMs, deps.signal)
  }
}

function tableView(setting: Setting): (claims: Claim[]) => void {
  const screen = createScreen(stdout)
  return (claims) => screen.draw(picture(claims, setting, stdout))
}

/** The table and, where they leave it room, the next steps below it. */
export function picture(claims: Claim[], setting: Setting, { columns, rows }: Size): string[] {
  // The cursor stands in the row below, and the last column would wrap on some terminals.
  const size = { columns: columns - 1, rows: rows - 1 }
  const steps = nextSteps(claims, setting, size.columns)
  const below = steps.reduce((sum, line) => sum + heightOf(line, columns), 1)
  const room = size.rows - below
  const wanted = claimTable(claims, { ...size, rows: Number.POSITIVE_INFINITY }).length
  if (room >= Math.min(size.rows / 2, wanted))
    return [...claimTable(claims, { ...size, rows: room }), '', ...steps]
  // Of the steps, how to stop is what nobody should have to guess.
  const last = steps.at(-1)!.slice(0, size.columns)
  return [...claimTable(claims, { ...size, rows: size.rows - 2 }), '', last]
}

/** Prints each claim whenever it looks different, and the next steps once everything is at rest. */
function lineView(setting: Setting): (claims: Claim[]) => void {
  const before = new Map<string, Claim>()
  let told = false
  return (claims) => {
    const open = new Set(claims.map(({ key }) => key))
    const gone = [...before.values()].filter(({ key }) => !open.has(key))
    for (const claim of gone) {
      before.delete(claim.key)
      stdout.write(`${claimLine({ ...claim, phase: 'Released', binding: null, pod: null })}\n`)
    }
    for (const claim of claims) {
      const known = before.get(claim.key)
      before.set(claim.key, claim)
      if (known && claimLine(known) === claimLine(claim)) continue
      stdout.write(`${claimLine(claim)}\n`)
    }
    if (told || claims.length === 0 || claims.some(({ phase }) => phase !== 'Bound')) return
    told = true
    stdout.write(`\n${nextSteps(claims, setting, stdout.columns).join('\n')}\n\n`)
  }
}

const stdout: Terminal = {
  get columns() {
    return process.stdout.columns ?? 120
  },
  get rows() {
    return process.stdout.rows ?? 40
  },
  write: (text) => void process.stdout.write(text),
}
