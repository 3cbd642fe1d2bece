/** Milliseconds of each unit that Go's `time.ParseDuration` knows. */
const unitMs: Record<string, number> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/**
 * Parses a Go duration such as `1h30m`, `5m`, `90s` or `0`.
 * @returns milliseconds, or `null` when the text is not a Go duration.
 */
export function parseGoDuration(text: string): number | null {
  const trimmed = text.trim()
  if (/^[+-]?0$/.test(trimmed)) return 0
  const match = /^([+-]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(trimmed)
  if (!match) return null
  let total = 0
  for (const [, amount, unit] of match[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * unitMs[unit!]!
  }
  return match[1] === '-' ? -total : total
}

/** Writes milliseconds as people say a duration: `1h30m`, `45s`. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'm'],
    [seconds % 60, 's'],
  ]
  return (
    parts
      .filter(([n]) => n > 0)
      .map(([n, unit]) => `${n}${unit}`)
      .join('') || '0s'
  )
}
