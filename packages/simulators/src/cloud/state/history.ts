import type { Version } from './state.ts'

/** Notes what is true of `id` from `at` on, and forgets what nobody can ask for any more. */
export function recordVersion<T>(
  history: Record<string, Version<T>[]>,
  id: string,
  at: number,
  value: T | null,
  historyMs: number,
): void {
  const versions = [...(history[id] ?? []), { at, value }]
  const oldestAskedFor = versions.findLastIndex((version) => version.at <= at - historyMs)
  history[id] = versions.slice(Math.max(0, oldestAskedFor))
}

/** Forgets those that are gone for so long that no stale read shows them. */
export function forgetGone<T>(history: Record<string, Version<T>[]>, before: number): void {
  for (const [id, versions] of Object.entries(history)) {
    const last = versions.at(-1)
    if (last && last.value === null && last.at < before) delete history[id]
  }
}

/** Everything as it was at `at`. */
export function asOf<T>(history: Record<string, Version<T>[]>, at: number): T[] {
  return Object.values(history).flatMap((versions) => {
    const value = versions.findLast((version) => version.at <= at)?.value
    return value ? [value] : []
  })
}
