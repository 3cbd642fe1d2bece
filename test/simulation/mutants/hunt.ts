import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './mutant.ts'

/** What came of telling stories with a mistake in the code. */
export interface Hunt {
  /** Stories that were told. */
  seeds: number
  /** The story that showed it; `null` when none did. */
  found: { seed: number; violation: string } | null
}

const runner = fileURLToPath(new URL('run-mutant.ts', import.meta.url))

/**
 * Tells stories from `first` on, with the mistake, in a process of its own, until one breaks a rule.
 * @throws when the mutant does not apply, or stops the simulation itself
 */
export async function hunt(mutant: Mutant, first: number, most: number): Promise<Hunt> {
  const child = spawn(process.execPath, [runner, mutant.name, String(first), String(most)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('close', resolve)),
  ])
  if (code !== 0) throw new Error(`mutant ${mutant.name} stopped the simulation itself: ${complaint}`)
  return JSON.parse(out.trimEnd().split('\n').at(-1)!) as Hunt
}
