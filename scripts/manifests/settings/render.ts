import { allSettings } from '@pod-eip/all-in-one'
import type { SettingSpec } from '@pod-eip/runtime'
import { stringify } from 'yaml'
import { z } from 'zod'

/** What the chart knows of a variable; a value that is none of it is refused with message and help. */
interface SettingRule {
  message?: string
  help: string
  enum?: unknown[]
  pattern?: string
  maxLength?: number
  goDuration?: { minMs: number; maxMs?: number; orZero?: boolean }
}

const head = '# Written by `npm run manifests` from the settings of the services: change those instead.\n'

/** No value of any setting that has a rule. */
const wrong = '\u0000'

/** The rules of every setting that a service has, as a file of the chart, by path. */
export function renderSettingRules(): Map<string, string> {
  const rules = Object.values(allSettings).map((spec) => [spec.env, ruleOf(spec)])
  return new Map([
    ['infra/helm/pod-eip/files/settings.yaml', head + stringify(Object.fromEntries(rules), { lineWidth: 0 })],
  ])
}

function ruleOf({ schema, help }: SettingSpec<unknown>): SettingRule {
  // What only a function can tell, the service says itself: zod leaves it out here.
  const { enum: known, pattern, maxLength, goDuration } = z.toJSONSchema(schema, { io: 'input' })
  const rule = Object.entries({ enum: known, pattern, maxLength, goDuration }).filter(
    ([, is]) => is !== undefined,
  )
  if (rule.length === 0) return { help }
  const message = schema.safeParse(wrong).error?.issues[0]?.message
  return { ...(message !== undefined && { message }), help, ...Object.fromEntries(rule) }
}
