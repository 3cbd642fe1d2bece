import { randomUUID } from 'node:crypto'

/** A source of randomness; a seeded one makes a simulation run repeat exactly. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
}

/** A source of identifiers: 36 characters, lower-case hex and dashes (UUID form), never repeated. */
export interface Ids {
  next(): string
}

/** The system's randomness. */
export const systemRandom: Random = { next: () => Math.random() }

/** Random UUIDs. */
export const systemIds: Ids = { next: () => randomUUID() }

/** A deterministic generator (mulberry32) for simulations and property tests. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0
      let t = state
      t = Math.imul(t ^ (t >>> 15), t | 1)
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296
    },
  }
}

/** UUID-shaped identifiers drawn from a seeded source. */
export function seededIds(random: Random): Ids {
  const hex = (n: number) =>
    Array.from({ length: n }, () => Math.floor(random.next() * 16).toString(16)).join('')
  return { next: () => `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}` }
}
