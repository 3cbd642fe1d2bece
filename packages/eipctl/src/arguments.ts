import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

type Options = NonNullable<ParseArgsConfig['options']>

/** Parses a command's arguments; what does not fit is a {@link UsageError} naming it. */
export function parseCommand<O extends Options>(
  argv: string[],
  options: O,
  positionals: { min: number; max: number; usage: string },
) {
  let parsed: ReturnType<typeof parseArgs<{ options: O; allowPositionals: true; args: string[] }>>
  try {
    parsed = parseArgs({ args: argv, options, allowPositionals: true })
  } catch (error) {
    const message = (error as Error).message.replace(/\.\s+(To specify|Did you forget).*$/s, '')
    throw new UsageError(`${message}; usage: eipctl ${positionals.usage}`)
  }
  const given = parsed.positionals
  if (given.length < positionals.min) {
    throw new UsageError(`something is missing; usage: eipctl ${positionals.usage}`)
  }
  if (given.length > positionals.max) {
    const more = given.slice(positionals.max).map((text) => JSON.stringify(text))
    throw new UsageError(`${more.join(' ')} is too much; usage: eipctl ${positionals.usage}`)
  }
  if (given.includes('')) throw new UsageError(`a name is empty; usage: eipctl ${positionals.usage}`)
  return parsed
}

/** Whether the output is to be JSON; any other format than that is a {@link UsageError}. */
export function wantsJson(output: string | undefined): boolean {
  if (output === undefined || output === 'json') return output === 'json'
  throw new UsageError(`-o is ${JSON.stringify(output)}; the only format besides the table is json`)
}

/** Letters of a name that somebody gives. */
const longestName = 100

/**
 * Who does or says something: `--by`, or who uses this shell. It goes into the log for good, and is printed for ever.
 * @param what the person's part, such as `who says so`
 */
export function parseBy(by: string | undefined, user: () => string, what: string): string {
  if (by === undefined) return user()
  if (by.trim() === '') throw new UsageError(`--by is empty; give the name of ${what}`)
  if (/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u.test(by) || by.length > longestName) {
    throw new UsageError(
      `--by is ${JSON.stringify(by.slice(0, longestName))}; give a name of at most ${longestName} characters, without line ends and control characters`,
    )
  }
  return by
}

/** A whole number from 0, or a {@link UsageError}. */
export function parseCount(flag: string, text: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw new UsageError(`--${flag} is ${JSON.stringify(text)}; give a whole number`)
  return Number(text)
}

/** A moment: ISO 8601 (`2026-01-31T12:00:00Z`, `2026-01-31`), taken as UTC when it names no zone. */
export function parseTime(flag: string, text: string): string {
  const zoned =
    /([zZ]|[+-]\d\d:?\d\d)$/.test(text) || /^\d{4}-\d\d-\d\d$/.test(text)
      ? text
      : `${text.replace(' ', 'T')}Z`
  const ms = isDay(text.slice(0, 10)) ? Date.parse(zoned) : Number.NaN
  if (Number.isNaN(ms))
    throw new UsageError(`--${flag} is ${JSON.stringify(text)}; give a time such as 2026-01-31T12:00:00Z`)
  return new Date(ms).toISOString()
}

/**
 * Whether the calendar has the day: a 31st of February is no time, and not the 3rd of March. Postgres has no year 0.
 */
function isDay(text: string): boolean {
  const ms = /^(?!0000)\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}

/** A claim is named `namespace/pod`, or `pod` in the namespace `default`. */
export function claimName(text: string): string {
  return text.includes('/') ? text : `default/${text}`
}
