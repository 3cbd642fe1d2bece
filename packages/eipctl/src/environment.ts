import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SettingsError } from '@pod-eip/runtime'

type Environment = Readonly<Record<string, string | undefined>>

/** Folder of the `npm start` whose stores are meant. */
const startDir = (env: Environment) => env.POD_EIP_DIR || '.pod-eip'

/**
 * What the `npm start` that runs here says of itself; `null` when none does.
 * @throws SettingsError when it cannot be read
 */
function startedHere(env: Environment): Environment | null {
  const file = join(startDir(env), 'stores.json')
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new SettingsError(`${file} cannot be read: start npm start anew, which writes it.`)
  }
}

/** An empty variable is an unset one. */
function given(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
}

/**
 * The environment with DATABASE_URL as it is set, else with the store of the `npm start` that runs here.
 * @throws SettingsError when there is neither
 */
export function withStore(env: Environment): Environment {
  if (env.DATABASE_URL) return env
  const started = startedHere(env)
  if (!started) {
    throw new SettingsError(
      `DATABASE_URL is not set, and no npm start runs with its data in ${startDir(env)}: start one, or say where the event log is (POD_EIP_DIR for a start with --dir).`,
    )
  }
  return { ...started, ...given(env) }
}

/**
 * The environment whose parts are examined: as it is set or, without a DATABASE_URL, that of the `npm start` that runs
 * here as a whole, so that an exported KUBECONFIG or key of somebody else's is not taken for a part of it.
 */
export function examined(env: Environment): Environment {
  if (env.DATABASE_URL) return given(env)
  return { ...given(env), ...startedHere(env) }
}
