/** A value as it may be shown: short, on one line, without control characters. */
export function quote(value: unknown): string {
  const shown = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  const clean = shown.replace(/[\p{Cc}\p{Cf}]/gu, '?')
  return JSON.stringify(clean.length > 60 ? `${clean.slice(0, 57)}...` : clean)
}
