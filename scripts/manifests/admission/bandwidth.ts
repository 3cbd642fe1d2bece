import { defaultAttributes, type InternetChargeType, maxBandwidth } from '@pod-eip/domain'
import { pattern, space, text, type Variable } from './cel.ts'
import { aboutField, isGiven, raw } from './fields.ts'
import type { Rule } from './rules.ts'

/** The API's name goes before the short one. */
const given = `(${isGiven('InternetMaxBandwidthOut')} ? ${raw('InternetMaxBandwidthOut')} : ${raw('Bandwidth')})`
const whole = pattern(`^"?${space}*0*[1-9][0-9]{0,3}${space}*"?$`)

export const bandwidthVariables: Variable[] = [
  { name: 'bandwidth', expression: given },
  {
    name: 'mbps',
    // 0 stands for what is no such number.
    expression: `variables.bandwidth == '' ? ${defaultAttributes.internetMaxBandwidthOut} : variables.bandwidth.matches(${whole}) ? int(variables.bandwidth.find('[1-9][0-9]*')) : 0`,
  },
]

/** Whole Mbit/s within what the charge type allows. */
export const bandwidthRules: Rule[] = ['InternetMaxBandwidthOut', 'Bandwidth'].flatMap((field) =>
  (Object.entries(maxBandwidth) as [InternetChargeType, number][]).map(([charge, max]) => ({
    // Where both are given, the first of the two has answered already.
    when: `${isGiven(field)} && variables.chargeType == ${text(charge)} && (variables.mbps < 1 || variables.mbps > ${max})`,
    verdict: aboutField(field, '@', {
      InternetChargeType: charge,
      ...(charge === 'BANDWIDTH_PACKAGE' && { BandwidthPackageId: 'bwp-a' }),
    }),
  })),
)
