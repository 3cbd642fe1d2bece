import { formatDuration, parseGoDuration } from '@pod-eip/domain'
import { z } from 'zod'

/**
 * The text of a Go duration within bounds, in ms. The bounds are in its metadata as well, for the chart's schema.
 * @param bounds without `maxMs` as long as one likes
 * @param absent what holds where nothing is set, as it would be written
 */
export function durationSetting(bounds: { minMs: number; maxMs?: number }, absent: string) {
  const { minMs, maxMs } = bounds
  const shortest = formatDuration(minMs)
  const within =
    maxMs === undefined ? `of at least ${shortest}` : `from ${shortest} to ${formatDuration(maxMs)}`
  return z
    .string()
    .meta({ goDuration: bounds })
    .default(absent)
    .transform((text, context) => {
      const ms = parseGoDuration(text)
      if (ms !== null && ms >= minMs && ms <= (maxMs ?? Number.POSITIVE_INFINITY)) return ms
      context.addIssue({ code: 'custom', message: `not a Go duration ${within}` })
      return z.NEVER
    })
}
