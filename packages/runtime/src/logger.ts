import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { type LogFn, type Logger, type LoggerOptions, pino } from 'pino'
import { SettingsError } from './settings.ts'

export type { Logger } from 'pino'

/** Fields that never reach a log, wherever they stand in what is logged. */
const secrets =
  /^(secretKey|secretId|secretAccessKey|clientSecret|sessionToken|token|x-tc-token|password|passphrase|pass|authorization|cookie|connectionString|databaseUrl|redisUrl)$/i
/**
 * Secrets by their form, wherever they stand in a text: a password within a URL, what follows Bearer, a token of the
 * API server, a SecretId of Tencent Cloud. Rather too much is hidden than too little: a password may have an @.
 */
const secretForms = [
  [/(:\/\/[^\s:/@]*:)\S*(@)/g, '$1(hidden)$2'],
  [/\b(bearer\s+)[\w.~+/=-]+/gi, '$1(hidden)'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '(hidden)'],
  [/\bAKID\w{8,}/g, '(hidden)'],
] as const
/** What JSON leaves as it is and a terminal acts on. */
const acting = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu
/** Longer texts and lists are cut: what is logged may come from anywhere. */
const longestText = 16 * 1024
const longestList = 100
/** Errors that others answered with: their message says it all, and where it came in says nothing. */
const answers = /^(KubeError|CloudError|StoreError)$/
/** Deeper than anybody logs on purpose. */
const deepest = 8

function harmlessText(text: string): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}...` : text
  return secretForms
    .reduce((hidden, [form, instead]) => hidden.replace(form, instead), short)
    .replace(acting, '?')
}

/** What may be written of a value: secrets hidden by name and by form, at any depth. */
function harmless(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return harmlessText(value)
  if (value === null || typeof value !== 'object') return value
  if (depth >= deepest) return '(deep)'
  if (value instanceof Error) {
    // What Redis refused stands in its answer, and the password with it when that was AUTH.
    const { name, message, stack, command: _, ...rest } = value as Error & Record<string, unknown>
    const told = answers.test(name) ? {} : { stack }
    return harmless({ type: name, message, ...told, ...rest }, depth)
  }
  if (Array.isArray(value)) return value.slice(0, longestList).map((item) => harmless(item, depth + 1))
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
  const options: LoggerOptions = {
    level: logLevel,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    // Errors are objects like any other here: their own serializer would let their fields pass.
    serializers: { err: (error: unknown) => error },
    hooks: {
      // The message is none of the fields.
      logMethod(args, method) {
        const harmlessArgs = args.map((arg: unknown) => (typeof arg === 'string' ? harmlessText(arg) : arg))
        method.apply(this, harmlessArgs as Parameters<LogFn>)
      },
    },
    formatters: { log: (fields: Record<string, unknown>) => harmless(fields) as Record<string, unknown> },
  }
  if (!logFile) return pino(options)
  assertWritable(logFile)
  return pino(options, pino.destination({ dest: logFile, sync: true }))
}

function assertWritable(file: string): void {
  try {
    makeFolder(dirname(file))
    closeSync(openSync(file, 'a'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new SettingsError(
      `POD_EIP_LOG_FILE (--log-file) is ${JSON.stringify(file)}: it cannot be written (${code ?? message}).`,
    )
  }
}

/** One folder after the other: Node's own way does not end below /proc, where none can be made. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  try {
    mkdirSync(folder)
  } catch (error) {
    // Somebody else was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** A logger that says nothing. */
export const silentLogger: Logger = pino({ level: 'silent' })
