/**
 * `absence`: ends of Pods that were concluded because a complete list lacked them.
 * `releases`: releases of whatever cause.
 */
export const guardNames = ['absence', 'releases'] as const
export type GuardName = (typeof guardNames)[number]

/** One limit on what may be given back at once, and what is held because of it. Plain JSON. */
export interface Guard {
  name: GuardName
  /** Pods that live by the log. */
  livePods: number
  /** EIPs that were created for claims and are on no way to their release. */
  heldEips: number
  /** What counts against the limit, by minute (ISO 8601), the oldest first. */
  counted: { minute: string; count: number }[]
  /** Since when and why claims are held; `null` while none is. */
  closed: GuardClosing | null
  /** Claims that are held, each with the position at which that began. */
  held: { claim: string; position: number }[]
  /** The last word of an operator. */
  word: { kind: 'confirmed' | 'denied'; upTo: number; by: string; at: string } | null
  position: number
}

export interface GuardClosing {
  /** ISO 8601. */
  since: string
  count: number
  livePods: number
  /** Begin of the window, ISO 8601. */
  from: string
  windowMs: number
}

/** A guard stands between a claim and the next step that gives its EIP back. */
export interface Hold {
  guard: GuardName
  /** ISO 8601. */
  since: string
  /** How much there was at once when the guard closed, and within how long. */
  count: number
  windowMs: number
  /** An operator let the claim go on: no guard stops it again until it has another Pod or generation. */
  confirmed: boolean
}

/** A guard that has seen nothing yet. */
export function emptyGuard(name: GuardName): Guard {
  return { name, livePods: 0, heldEips: 0, counted: [], closed: null, held: [], word: null, position: 0 }
}

/** How much may be given back at once without an operator's word. */
export interface GuardSettings {
  windowMs: number
  /** Pods that may be missed within the window, however few there are. */
  missedCount: number
  /** Share of the live Pods, from 0 to 1, that may be missed within the window. Both have to be exceeded. */
  missedShare: number
  /** Releases within the window, of whatever cause; `null` = no limit. */
  releases: number | null
  /** Share of the EIPs that claims have, from 0 to 1, that may be released within the window; `null` = no limit. */
  releasedShare: number | null
  /** Releases within the window that are allowed whatever their share. */
  fewReleases: number
}

export const defaultGuardSettings: GuardSettings = {
  windowMs: 10 * 60_000,
  missedCount: 10,
  missedShare: 0.3,
  releases: null,
  releasedShare: null,
  fewReleases: 10,
}

/** The longest window that an operator may set: what is older is not kept. */
export const longestGuardWindowMs = 60 * 60_000

/** What counted against the limit since a moment (ISO 8601), to the minute. */
export function countedSince({ counted }: Guard, from: string): number {
  return counted.filter(({ minute }) => minute >= minuteOf(from)).reduce((sum, { count }) => sum + count, 0)
}

/** The minute of a time, both ISO 8601. */
export function minuteOf(time: string): string {
  return `${time.slice(0, 16)}:00.000Z`
}
