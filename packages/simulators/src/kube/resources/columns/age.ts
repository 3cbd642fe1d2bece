/** How long ago a timestamp is, as kubectl writes durations: `5s`, `3m20s`, `2h`, `4d3h`, `30d`, `2y100d`. */
export function age(timestamp: string, now: number): string {
  const at = Date.parse(timestamp)
  return Number.isNaN(at) ? '<unknown>' : duration(Math.floor((now - at) / 1000))
}

/** The same for a number of seconds: two units while that says something, then one. */
export function duration(seconds: number): string {
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  const [minutes, hours, days, years] = [60, 3600, 86_400, 365 * 86_400].map((unit) =>
    Math.floor(seconds / unit),
  ) as [number, number, number, number]
  if (seconds < 120) return `${seconds}s`
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's')
  if (hours < 3) return `${minutes}m`
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  if (days < 8) return two(days, 'd', hours % 24, 'h')
  if (years < 2) return `${days}d`
  if (years < 8) return two(years, 'y', days % 365, 'd')
  return `${years}y`
}

const two = (a: number, unitA: string, b: number, unitB: string) =>
  `${a}${unitA}${b === 0 ? '' : `${b}${unitB}`}`
