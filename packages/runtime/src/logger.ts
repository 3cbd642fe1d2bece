import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** Fields that never reach a log, wherever they stand in what is logged. */
const secrets = [
  'secretKey',
  'secretId',
  'sessionToken',
  'token',
  'password',
  'authorization',
  'connectionString',
]

export interface LogSettings {
  /** trace, debug, info, warn, error or silent. */
  logLevel: string
  /** A file instead of standard output. */
  logFile?: string | undefined
}

/**
 * A logger that writes JSON lines: the object first, the message second.
 */
export function createLogger(service: string, { logLevel, logFile }: LogSettings): Logger {
  const options = {
    level: logLevel,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '(hidden)' },
  }
  return logFile ? pino(options, pino.destination({ dest: logFile, mkdir: true })) : pino(options)
}

/** A logger that says nothing. */
export const silentLogger: Logger = pino({ level: 'silent' })
