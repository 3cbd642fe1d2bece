import { type DestinationStream, type Logger, pino } from 'pino'

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

/**
 * A logger that writes JSON lines: the object first, the message second.
 * @param level `POD_EIP_LOG_LEVEL`: trace, debug, info, warn, error, silent
 */
export function createLogger(service: string, level = 'info', destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '(hidden)' },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** A logger that says nothing. */
export const silentLogger: Logger = pino({ level: 'silent' })
