/** Counts calls in the second before each. */
export interface RateMeter {
  /** Admits the call; or says how many were made in this second, the refused one included. */
  admit(key: string, limit: number, now: number): { admitted: true } | { admitted: false; times: number }
}

const windowMs = 1000

export function createRateMeter(): RateMeter {
  const calls = new Map<string, number[]>()
  return {
    admit(key, limit, now) {
      const recent = (calls.get(key) ?? []).filter((at) => at > now - windowMs)
      calls.set(key, recent)
      if (recent.length >= limit) return { admitted: false, times: recent.length + 1 }
      recent.push(now)
      return { admitted: true }
    },
  }
}
