import { minExpiryMs, parseGoDuration } from '@pod-eip/domain'
import { guardSettings } from '@pod-eip/read-models'
import {
  cascadeSettings,
  databaseSettings,
  redisSettings,
  type SettingSpec,
  serviceSettings,
} from '@pod-eip/runtime'
import { z } from 'zod'

const claimExpiredMs = {
  env: 'POD_EIP_CLAIM_EXPIRED_DURATION',
  flag: 'claim-expired-duration',
  schema: z
    .string()
    .meta({ goDuration: { minMs: minExpiryMs, orZero: true } })
    .default('0')
    .transform((text, context) => {
      const ms = parseGoDuration(text)
      if (ms === 0) return null
      if (ms !== null && ms >= minExpiryMs) return ms
      context.addIssue({ code: 'custom', message: 'not a Go duration of at least 5m, nor 0' })
      return z.NEVER
    }),
  help: 'How long a static claim keeps its EIP after its Pod, such as 1h; 0 or unset for ever.',
} satisfies SettingSpec<number | null>

/** What a projector is told. */
export const projectorSettings = {
  ...{ ...databaseSettings, ...redisSettings, ...serviceSettings, ...cascadeSettings },
  ...{ claimExpiredMs, ...guardSettings },
}
