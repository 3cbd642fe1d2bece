import type { Clock } from '@pod-eip/runtime'

/**
 * When what another writer undid may be put right: at once the first time, then ever later, so that two writers of
 * one field do not chase each other for as long as neither gives in.
 */
export interface Corrections {
  /**
   * When the part may be written again, epoch ms: the same answer until it is {@link made}.
   * @param part of an object, such as `claim/default/web-0 spec`
   */
  due(part: string): number
  /** It was put right. Returns how often in a row: from 3 on somebody does not give in. */
  made(part: string): number
  /** The object is gone. */
  forget(part: string): void
  /** Parts about which two writers do not agree. */
  disputed(): number
}

/** So many corrections in a row are no single slip any more. */
export const disputedFrom = 3

/** The first correction comes at once; the waits for further ones double from here, ms. */
const firstWaitMs = 1_000
const longestWaitMs = 300_000
/** What was left alone for so long is corrected at once again, ms. */
const peaceMs = 2 * longestWaitMs

/** The last of some corrections. */
export interface LastCorrection {
  /** How many followed each other. */
  count: number
  /** When it was due, epoch ms. */
  at: number
}

interface Correction extends LastCorrection {
  /** It was not made yet. */
  pending: boolean
}

export function createCorrections(clock: Pick<Clock, 'now'>): Corrections {
  const byPart = new Map<string, Correction>()
  return {
    due(part) {
      const before = byPart.get(part)
      if (before?.pending) return before.at
      const next = nextCorrection(before ?? null, clock.now())
      byPart.set(part, { ...next, pending: true })
      return next.at
    },
    made(part) {
      const correction = byPart.get(part)
      if (!correction) return 0
      correction.pending = false
      return correction.count
    },
    forget: (part) => void byPart.delete(part),
    disputed() {
      const now = clock.now()
      const lasts = ({ count, at, pending }: Correction) =>
        count - (pending ? 1 : 0) >= disputedFrom && now - at <= peaceMs
      return [...byPart.values()].filter(lasts).length
    },
  }
}

/** When to correct once more. */
export function nextCorrection(before: LastCorrection | null, now: number): LastCorrection {
  if (!before || now - before.at > peaceMs) return { count: 1, at: now }
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (before.count - 1))
  return { count: before.count + 1, at: now + wait }
}
