import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './pages.ts'

/** A variable that code reads, and the flags that are its twins somewhere. */
export type SettingsInCode = Map<string, Set<string>>

/** Names that are ours to document. Others, such as PATH, are the system's. */
const ours =
  /^(POD_EIP|TENCENTCLOUD|TKE|CLOUD_SIMULATOR|KUBE_SIMULATOR)_|^(DATABASE_URL|REDIS_URL|KUBECONFIG|KUBEBUILDER_ASSETS)$/

/** Every variable in the source: declared as a setting, or read from the environment. */
export function settingsInCode(): SettingsInCode {
  const found: SettingsInCode = new Map()
  const add = (env: string, flag?: string) => {
    if (!ours.test(env)) return
    const flags = found.get(env) ?? new Set()
    if (flag !== undefined) flags.add(flag)
    found.set(env, flags)
  }
  const files = globSync('{packages,services,scripts}/**/*.ts', {
    cwd: root,
    exclude: ['**/node_modules/**', '**/*.test.ts'],
  })
  for (const file of files) {
    const text = readFileSync(join(root, file), 'utf8')
    // Declared: `env: 'NAME', flag: 'name'`, in `npm start` also flag('NAME', 'name', …).
    for (const [, env, flag] of text.matchAll(/env: '([A-Z_]+)'(?:,\s*flag: '([a-z-]+)')?/g)) add(env!, flag)
    for (const [, env, flag] of text.matchAll(/flag\('([A-Z_]+)', '([a-z-]+)'/g)) add(env!, flag)
    for (const [, env] of text.matchAll(/\benv\.([A-Z_]+)/g)) add(env!)
    // Lists of names, as the credentials have them.
    for (const [, env] of text.matchAll(/^\s*'(TKE_[A-Z_]+|TENCENTCLOUD_[A-Z_]+)',?$/gm)) add(env!)
  }
  return found
}

/** Variables that a text names. */
export function settingsIn(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/\b[A-Z][A-Z_]+[A-Z]\b/g)].map(([name]) => name).filter((n) => ours.test(n)),
  )
}

/** Rows of the settings tables: a variable in the first cell, its flag in the second. */
export function settingRows(text: string): { env: string; flag: string }[] {
  return [...text.matchAll(/^\| `([A-Z_]+)` \| (?:`--([a-z-]+)`)?[^|]*\|/gm)].map(([, env, flag]) => ({
    env: env!,
    flag: flag ?? '',
  }))
}
