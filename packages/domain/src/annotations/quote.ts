/** Letters of a value that are shown at most. */
export const mostShown = 60

/** A value as it may be shown: short, on one line, without control characters. */
export function quote(value: unknown): string {
  const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  // Whole letters: half of a surrogate pair could not be stored.
  const letters = [...shown]
  const short = letters.length > mostShown ? `${letters.slice(0, mostShown - 3).join('')}...` : shown
  return JSON.stringify(short.replace(/[\p{Cc}\p{Cf}]/gu, '?'))
}
