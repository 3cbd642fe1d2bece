import {
  defaultAttributes,
  maxAnnotationLength,
  parseEipAttributes,
  prepaid,
  providers,
  quote,
} from '@pod-eip/domain'
import { bandwidthRules, bandwidthVariables } from './bandwidth.ts'
import { anyOf, type Cel, isLonger, pattern, space, text, type Variable } from './cel.ts'
import { contradictionRules } from './contradictions.ts'
import { about, aboutField, fieldRules, fields, is, isGiven, raw, shown } from './fields.ts'
import { jsonVariables } from './json.ts'
import { letterRules } from './letters.ts'
import { type Rule, sentenceAbout } from './rules.ts'
import { isPlainObject, isTagList, tagRules, tagVariables } from './tags.ts'

/** Texts, and what JavaScript writes as it was written; `1e2` and nested values are judged by pod-eip alone. */
const written = pattern('^(?:|"[^"]*"|true|false|-?(?:0|[1-9][0-9]{0,8})(?:\\.[0-9]{0,5}[1-9])?)$')
const isOdd = (value: Cel): Cel => `${value} == '-0' || !${value}.matches(${written})`
const texts = fields.flatMap(([name]) => (name === 'Tags' ? [] : [raw(name)]))
const isUnknown = anyOf(
  `variables.compact.contains(${text('\\')})`,
  `[${texts.join(', ')}].exists(v, ${isOdd('v')})`,
  `(${isOdd(raw('Tags'))}) && !${isTagList(raw('Tags'))} && !${isPlainObject(raw('Tags'))}`,
)

export const attributeVariables: Variable[] = [
  ...jsonVariables,
  ...fields.map(([name]) => {
    const named = `variables.members.filter(m, m.startsWith(${text(`"${name}":`)}))`
    const last = `(size(m) == 0 ? '' : m[size(m) - 1].substring(${name.length + 3}))`
    return {
      name: `json${name}`,
      // Of a name that stands there twice the last counts, as JSON.parse has it.
      expression: `[${named}].map(m, ${last}).map(v, v in ['null', '""'] ? '' : v)[0]`,
    }
  }),
  ...tagVariables,
  {
    name: 'chargeType',
    expression: `${isGiven('InternetChargeType')} ? ${shown('InternetChargeType')} : ${isGiven('BandwidthPackageId')} ? 'BANDWIDTH_PACKAGE' : ${text(defaultAttributes.internetChargeType)}`,
  },
  { name: 'addressType', expression: `${isGiven('AddressType')} ? ${shown('AddressType')} : 'EIP'` },
  ...bandwidthVariables,
]

const aboutWhole = (sample: string) =>
  sentenceAbout(parseEipAttributes(sample), {
    quoted: { sample: quote(sample), is: 'variables.attributes' },
  })

/** What `parseEipAttributes` says of `variables.attributes`. */
export const attributeRules: Rule[] = [
  {
    when: isLonger('variables.attributes', maxAnnotationLength),
    verdict: sentenceAbout(parseEipAttributes('x'.repeat(maxAnnotationLength + 1))),
  },
  { when: `variables.attributes.matches(${pattern(`^${space}*$`)})`, verdict: 'right' },
  { when: 'variables.notJson', verdict: aboutWhole('@') },
  { when: '!variables.isJson', verdict: 'unknown' },
  { when: "!variables.compact.startsWith('{')", verdict: aboutWhole('[]') },
  { when: isUnknown, verdict: 'unknown' },
  { when: is('InternetChargeType', prepaid), verdict: about({ InternetChargeType: prepaid }) },
  ...fields.flatMap(([name, schema]) => (name === 'Tags' ? tagRules : fieldRules(name, schema))),
  ...contradictionRules,
  ...bandwidthRules,
  {
    when: `!(${isGiven('InternetServiceProvider')}) && ${isGiven('ISP')} && !(${shown('ISP')} in [${providers.map(text).join(', ')}])`,
    verdict: aboutField('ISP', '@'),
  },
  ...letterRules,
]
