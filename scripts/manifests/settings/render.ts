import { allSettings, settingsByService } from '@pod-eip/all-in-one'
import type { SettingSpec } from '@pod-eip/runtime'
import { stringify } from 'yaml'
import { z } from 'zod'
import { settlesUnless } from './settles.ts'

/** What the chart knows of a variable; a value that is none of it is refused with message and help. */
interface SettingRule {
  /** Its flag, with which services take it, and whether that stands without a value. */
  flag?: string
  services?: string[]
  isSwitch?: boolean
  /** Why it must be set. */
  missing?: string
  message?: string
  help: string
  enum?: unknown[]
  pattern?: string
  maxLength?: number
  goDuration?: { minMs: number; maxMs?: number; orZero?: boolean }
  /** Shorter durations are refused with the message where another variable is not set. */
  unless?: { variable: string; minMs: number; message: string }
}

const head = '# Written by `npm run manifests` from the settings of the services: change those instead.\n'

/** No value of any setting that has a rule. */
const wrong = '\u0000'

/** The rules of every setting that a service has, as a file of the chart, by path. */
export function renderSettingRules(): Map<string, string> {
  const rules = Object.values(allSettings).map((spec): [string, SettingRule] => [
    spec.env,
    {
      ...flagOf(spec),
      ...ruleOf(spec),
      ...(spec.env === settlesUnless.of && { unless: settlesUnless.rule }),
    },
  ])
  const text = stringify(Object.fromEntries(rules), { aliasDuplicateObjects: false, lineWidth: 0 })
  return new Map([['infra/helm/pod-eip/files/settings.yaml', head + text]])
}

function flagOf({ env, flag, boolean }: SettingSpec<unknown>) {
  if (flag === undefined) return {}
  const services = Object.entries(settingsByService).flatMap(([service, specs]) =>
    Object.values(specs).some((spec) => spec.env === env) ? [service] : [],
  )
  return { flag, services, ...(boolean && { isSwitch: true }) }
}

function ruleOf({ schema, help }: SettingSpec<unknown>): SettingRule {
  // What only a function can tell, the service says itself: zod leaves it out here.
  const { enum: known, pattern, maxLength, goDuration } = z.toJSONSchema(schema, { io: 'input' })
  const rule = Object.entries({ enum: known, pattern, maxLength, goDuration }).filter(
    ([, is]) => is !== undefined,
  )
  const why = (value: string | undefined) => schema.safeParse(value).error?.issues[0]?.message
  const missing = why(undefined)
  const message = rule.length > 0 ? why(wrong) : undefined
  return {
    ...(missing !== undefined && { missing }),
    ...(message !== undefined && { message }),
    help,
    ...Object.fromEntries(rule),
  }
}
