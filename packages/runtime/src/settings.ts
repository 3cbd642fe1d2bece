import { parseArgs } from 'node:util'
import type { z } from 'zod'

/** One setting: an environment variable and its flag twin. */
export interface SettingSpec<T> {
  /** Such as `POD_EIP_CLAIM_EXPIRED_DURATION`. */
  env: string
  /** Such as `claim-expired-duration`; absent for what must not stand on a command line. */
  flag?: string
  /** A flag without a value: `--enable-ownerref`. */
  boolean?: boolean
  /** Has a password in it: what was given is not repeated when it is wrong. */
  secret?: boolean
  /** Reads the text; `undefined` when it is not set. */
  schema: z.ZodType<T, string | undefined>
  help: string
}

// biome-ignore lint/suspicious/noExplicitAny: the type of each setting is inferred from its schema
export type SettingSpecs = Record<string, SettingSpec<any>>
export type SettingsOf<S extends SettingSpecs> = {
  [K in keyof S]: S[K] extends SettingSpec<infer T> ? T : never
}

/** A setting is wrong; the message is one sentence: which, what it is, what to give. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** `--help` was among the flags; the message lists the settings, for standard output. */
export class HelpRequested extends Error {
  override readonly name = 'HelpRequested'
}

/**
 * Reads settings from flags and, where a flag is not given, from its environment twin. An empty variable
 * counts as unset.
 * @throws SettingsError
 * @throws HelpRequested
 */
export function readSettings<S extends SettingSpecs>(
  specs: S,
  env: Record<string, string | undefined>,
  argv: string[] = [],
): SettingsOf<S> {
  const flags = readFlags(specs, argv)
  const settings: Record<string, unknown> = {}
  for (const [name, spec] of Object.entries(specs)) {
    const given = (spec.flag !== undefined ? flags[spec.flag] : undefined) ?? (env[spec.env] || undefined)
    const parsed = spec.schema.safeParse(given)
    if (!parsed.success) {
      const names = spec.flag ? `${spec.env} (--${spec.flag})` : spec.env
      const value = spec.secret ? 'set, but wrong' : JSON.stringify(given?.slice(0, 60))
      const shown = given === undefined ? 'is not set' : `is ${value}`
      throw new SettingsError(`${names} ${shown}: ${parsed.error.issues[0]!.message}. ${spec.help}`)
    }
    settings[name] = parsed.data
  }
  return settings as SettingsOf<S>
}

function readFlags(specs: SettingSpecs, argv: string[]): Record<string, string | undefined> {
  const options: Record<string, { type: 'string' | 'boolean' }> = { help: { type: 'boolean' } }
  for (const spec of Object.values(specs)) {
    if (spec.flag) options[spec.flag] = { type: spec.boolean ? 'boolean' : 'string' }
  }
  const values = parsed(argv, options)
  if (values.help !== undefined) throw new HelpRequested(describeSettings(specs))
  return Object.fromEntries(Object.entries(values).map(([flag, value]) => [flag, String(value)]))
}

function parsed(args: string[], options: Record<string, { type: 'string' | 'boolean' }>) {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values
  } catch (error) {
    throw new SettingsError((error as Error).message.split(/\.\s/)[0]!)
  }
}

/**
 * The settings of several services that run in one process, each once, by its variable.
 * @throws Error when two of them mean different things by one flag
 */
export function joinSettings(...several: SettingSpecs[]): SettingSpecs {
  const joined: SettingSpecs = {}
  const flags = new Map<string, string>()
  for (const spec of several.flatMap((specs) => Object.values(specs))) {
    const { env, flag } = spec
    const other = flag === undefined ? env : (flags.get(flag) ?? env)
    if (other !== env) throw new Error(`--${flag} would set both ${other} and ${env}: rename one`)
    if (flag !== undefined) flags.set(flag, env)
    joined[env] = spec
  }
  return joined
}

/**
 * The environment in which each flag that is given stands as its variable, for who reads variables alone.
 * @throws SettingsError for a flag that is not among the specs
 */
export function flagsAsVariables(
  specs: SettingSpecs,
  env: Record<string, string | undefined>,
  argv: string[],
): Record<string, string | undefined> {
  const flags = readFlags(specs, argv)
  const given = Object.values(specs).flatMap((spec) => {
    const value = spec.flag === undefined ? undefined : flags[spec.flag]
    return value === undefined ? [] : [[spec.env, value]]
  })
  return { ...env, ...Object.fromEntries(given) }
}

/** The flags and variables, one a line, `--help` last. */
export function describeSettings(specs: SettingSpecs): string {
  const lines = Object.values(specs).map(({ env, flag, boolean, help }) => {
    const shown = flag ? `--${flag}${boolean ? '' : ' VALUE'}` : ''
    return `  ${shown.padEnd(36)} ${env.padEnd(34)} ${help}`
  })
  return [...lines, `  ${'--help'.padEnd(36)} ${''.padEnd(34)} Show this.`].join('\n')
}
