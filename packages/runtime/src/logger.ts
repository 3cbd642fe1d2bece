import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Logger, pino } from 'pino'
import { SettingsError } from './settings.ts'

export type { Logger } from 'pino'

/** Fields that never reach a log, wherever they stand in what is logged. */
const secrets =
  /^(secretKey|secretId|sessionToken|token|password|authorization|connectionString|databaseUrl|redisUrl)$/i
/** A password within a URL. */
const urlPassword = /(:\/\/[^\s:/@]*:)[^\s@/]+(@)/g
/** Deeper than anybody logs on purpose. */
const deepest = 8

/** What may be written of a value: secrets hidden by name and by form, at any depth. */
function harmless(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(urlPassword, '$1(hidden)$2')
  if (value === null || typeof value !== 'object') return value
  if (depth >= deepest) return '(deep)'
  if (value instanceof Error) {
    const { name, message, stack, ...rest } = value as Error & Record<string, unknown>
    return harmless({ type: name, message, stack, ...rest }, depth)
  }
  if (Array.isArray(value)) return value.map((item) => harmless(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secrets.test(key) ? '(hidden)' : harmless(item, depth + 1),
    ]),
  )
}

export interface LogSettings {
  /** trace, debug, info, warn, error or silent. */
  logLevel: string
  /** A file instead of standard output. */
  logFile?: string | undefined
}

/**
 * A logger that writes JSON lines: the object first, the message second.
 * @throws SettingsError when the file cannot be written
 */
export function createLogger(service: string, { logLevel, logFile }: LogSettings): Logger {
  const options = {
    level: logLevel,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    // Errors are objects like any other here: their own serializer would let their fields pass.
    serializers: { err: (error: unknown) => error },
    formatters: { log: (fields: Record<string, unknown>) => harmless(fields) as Record<string, unknown> },
  }
  if (!logFile) return pino(options)
  assertWritable(logFile)
  return pino(options, pino.destination({ dest: logFile, sync: true }))
}

function assertWritable(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    closeSync(openSync(file, 'a'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new SettingsError(
      `POD_EIP_LOG_FILE (--log-file) is ${JSON.stringify(file)}: it cannot be written (${code ?? message}).`,
    )
  }
}

/** A logger that says nothing. */
export const silentLogger: Logger = pino({ level: 'silent' })
