/** How a thing stands. `not checked`: it is not configured here; the sentence says what to set. */
export type State = 'ok' | 'warn' | 'fail' | 'not checked'

/** What a check found: one sentence and, unless all is well, what to do. Never a secret. */
export interface Finding {
  check: string
  state: State
  says: string
}

export type Environment = Readonly<Record<string, string | undefined>>

/** One target that is examined; it may find several things. Changes nothing. */
export interface Check {
  name: string
  /** May be given up at any time. What it throws is a finding: `fail`, with the message. */
  run(): Promise<Finding[]>
}

export function finding(check: string, state: State, says: string): Finding {
  return { check, state, says }
}

/** Whether the environment has all of these; else what to set. */
export function notSet(env: Environment, ...names: string[]): string | null {
  const missing = names.filter((name) => !env[name])
  return missing.length === 0 ? null : `set ${missing.join(' and ')}`
}
