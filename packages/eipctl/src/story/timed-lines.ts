import { formatDuration } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'

/** An event and what it means. */
export interface Step {
  recorded: RecordedEvent
  sentence: string
  /** It is about something else than the claim. */
  foreign: boolean
}

/** A step of a claim's life, as it is shown. */
export interface Line {
  position: number
  /** ISO 8601: when it was seen or decided, but never before the line above. */
  at: string
  /** As the service that tells it has it. */
  seenAt: string
  recordedAt: string
  /** Since the line before, in ms; `null` for the first. */
  afterMs: number | null
  /** Who says so. */
  who: string
  /** Position of the event that led to it, which is a line as well; `null` when it came from outside. */
  becauseOf: number | null
  sentence: string
}

/** What is shown as no time at all, in ms. */
const soonMs = 50
/** Clocks of two services differ by less; more is worth a word, in ms. */
const skewMs = 1_000
/** A fact that took longer into the log came there after an outage, in ms. */
const lateMs = 10_000

/**
 * Puts steps under one time. Their order is that of the log, which no clock can disturb; where the clocks of two
 * services differ a step has the time of the one before it.
 */
export function timed(steps: Step[]): Line[] {
  const lines: Line[] = []
  for (const { recorded, sentence, foreign } of steps) {
    const before = lines.at(-1)
    const at = before && before.at > recorded.occurredAt ? before.at : recorded.occurredAt
    lines.push({
      position: recorded.position,
      at,
      seenAt: recorded.occurredAt,
      recordedAt: recorded.recordedAt,
      afterMs: before ? between(before.at, at) : null,
      who: recorded.actor,
      becauseOf: foreign ? null : recorded.causationPosition,
      sentence,
    })
  }
  return lines
}

export function written(line: Line): string {
  const { position, at, afterMs, sentence } = line
  const after = afterMs === null ? '' : afterMs < soonMs ? ', at once' : `, after ${duration(afterMs)}`
  return `${position}. ${at}${after}: ${sentence} (${origin(line)})`
}

function origin({ who, becauseOf, at, seenAt, recordedAt }: Line): string {
  const late = between(seenAt, recordedAt)
  return [
    who,
    becauseOf !== null && `because of ${becauseOf}`,
    between(seenAt, at) > skewMs && `by its own clock at ${seenAt}`,
    late > lateMs && `recorded ${formatDuration(Math.round(late / 1000) * 1000)} later`,
  ]
    .filter((part) => part !== false)
    .join(', ')
}

function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from)
}

/** Short times to a tenth of a second: most of what happens takes that. */
function duration(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s` : formatDuration(ms)
}
