import { createHash } from 'node:crypto'
import { type Random, seededRandom } from '@pod-eip/runtime'

/**
 * The chance of one story. Everything that may happen has a name, and what is drawn for a name depends on the seed
 * and that name alone: one thing more or less in a story does not change what is drawn for the others.
 */
export interface Script {
  /** A source of chance for the part of this name, such as the latency of one process. */
  source(name: string): Random
  /** The number in [0, 1) that stands beside the name. */
  chance(name: string): number
  /**
   * Whether what was drawn to happen does: it does unless the story is told without it. Asked once about each
   * name, when its moment has come.
   */
  happens(name: string): boolean
  /** It came to nothing: what happened last is not among what has happened. */
  takeBack(): void
  /** Names of what has happened so far, in order. */
  readonly happened: readonly string[]
}

/**
 * @param only names of all that may happen; absent: whatever is drawn
 */
export function createScript(seed: number, only?: ReadonlySet<string>): Script {
  const happened: string[] = []
  return {
    happened,
    takeBack: () => void happened.pop(),
    source: (name) => seededRandom(createHash('sha256').update(`${seed} ${name}`).digest().readUInt32LE()),
    chance: (name) => hash32(name, seed) / 4_294_967_296,
    happens(name) {
      if (only && !only.has(name)) return false
      happened.push(name)
      return true
    },
  }
}

/** FNV-1a with the finalizer of MurmurHash3: names that differ in one digit give numbers that have nothing in common. */
function hash32(text: string, seed: number): number {
  let h = 0x811c9dc5 ^ Math.imul(seed | 0, 0x9e3779b1) ^ Math.floor(seed / 4_294_967_296)
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
