import { relative } from 'node:path'

/** Prints a line for the person who started it. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** A path as it is shortest from where the commands are run. */
export function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path)
  return fromHere.startsWith('..') ? path : fromHere
}
