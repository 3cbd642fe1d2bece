import { attributesJsonSchema, parseEipAttributes, quote } from '@pod-eip/domain'
import { type Cel, isLonger, pattern, space, text } from './cel.ts'
import { type Rule, sentenceAbout } from './rules.ts'

/** What `domain`'s schema says of a field of `eip-attributes`. */
interface FieldSchema {
  type: string | string[]
  enum?: string[]
  maxLength?: number
  pattern?: string
}

/** Every field of `eip-attributes`, in the order in which the schema looks at them. */
export const fields = Object.entries(attributesJsonSchema().properties ?? {}) as [string, FieldSchema][]

/** A field's value as it stands in the JSON, with its quotation marks; `''` where it is absent, null or empty. */
export const raw = (field: string): Cel => `variables.json${field}`
/** The same without quotation marks. */
export const shown = (field: string): Cel => `${raw(field)}.replace('"', '')`
export const isGiven = (field: string): Cel => `${raw(field)} != ''`
export const is = (field: string, value: string): Cel => `${raw(field)} == ${text(`"${value}"`)}`

/** What `domain` says about fields, with another value in a sample's place. */
export function about(sample: object, plain?: { sample: string; is: Cel }) {
  return sentenceAbout(parseEipAttributes(JSON.stringify(sample)), plain && { plain })
}

/** What `domain` says about a wrong value of a field, with the value that was given. */
export function aboutField(field: string, value: unknown, others: object = {}) {
  const answer = parseEipAttributes(JSON.stringify({ [field]: value, ...others }))
  return sentenceAbout(answer, { quoted: { sample: quote(value), is: shown(field) } })
}

/** Values, or type, length and letters. */
export function fieldRules(name: string, schema: FieldSchema): Rule[] {
  if (schema.enum) {
    const known = schema.enum.map((value) => text(`"${value}"`)).join(', ')
    return [{ when: `!(${raw(name)} in ['', ${known}])`, verdict: aboutField(name, '@') }]
  }
  const wrongType = [schema.type].flat().includes('number') ? '^[tf]' : '^[^"]'
  const { maxLength, pattern: letters } = schema
  const rules: Rule[] = [
    { when: `${raw(name)}.matches(${pattern(wrongType)})`, verdict: aboutField(name, true) },
  ]
  if (maxLength !== undefined) {
    const long = 'x'.repeat(maxLength + 1)
    rules.push({ when: isLonger(shown(name), maxLength), verdict: aboutField(name, long) })
  }
  if (letters !== undefined) {
    if (letters !== '^\\S+$') throw new Error(`${name} is to match ${letters}: write that for CEL here`)
    rules.push({ when: `${raw(name)}.matches(${pattern(space)})`, verdict: aboutField(name, 'a b') })
  }
  return rules
}
