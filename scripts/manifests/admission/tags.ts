import { attributesJsonSchema, parseEipAttributes, quote, reservedPrefixes } from '@pod-eip/domain'
import { type Cel, isLonger, pattern, text, type Variable } from './cel.ts'
import { type Rule, sentenceAbout } from './rules.ts'

const tag = '\\{"Key":"[^"]*","Value":"[^"]*"\\}|\\{"Value":"[^"]*","Key":"[^"]*"\\}'

/** A list of tags that each have a key and a value, both texts, and nothing else: others are not judged. */
export const isTagList = (value: Cel): Cel =>
  `${value}.matches(${pattern(`^\\[(?:(?:${tag})(?:,(?:${tag}))*)?\\]$`)})`

const { maxItems, items } = attributesJsonSchema().properties!.Tags as {
  maxItems: number
  items: { properties: Record<'Key' | 'Value', { maxLength: number }> }
}
const most = (part: 'Key' | 'Value') => items.properties[part].maxLength
const isReserved = (key: Cel): Cel =>
  `[${reservedPrefixes.map(text).join(', ')}].exists(p, ${key}.lowerAscii().startsWith(p))`

const partsOf = (part: 'Key' | 'Value') =>
  `variables.tags.map(t, t.find('"${part}":"[^"]*').substring(${part.length + 4}))`
const first = (values: Cel): Cel => `size(${values}) == 0 ? '' : ${values}[0]`

export const tagVariables: Variable[] = [
  { name: 'tags', expression: `variables.jsonTags.findAll(${pattern(tag)})` },
  { name: 'tagKeys', expression: partsOf('Key') },
  { name: 'tagValues', expression: partsOf('Value') },
  {
    name: 'wrongKeys',
    expression: `variables.tagKeys.filter(k, k == '' || ${isLonger('k', most('Key'))} || ${isReserved('k')})`,
  },
  { name: 'wrongValues', expression: `variables.tagValues.filter(v, ${isLonger('v', most('Value'))})` },
  { name: 'wrongKey', expression: first('variables.wrongKeys') },
  { name: 'wrongValue', expression: first('variables.wrongValues') },
  // Equal ones are equally wrong, so that the first of them is meant.
  { name: 'keyPlace', expression: 'variables.tagKeys.indexOf(variables.wrongKey)' },
  { name: 'valuePlace', expression: 'variables.tagValues.indexOf(variables.wrongValue)' },
]

const answer = (tags: unknown) => parseEipAttributes(JSON.stringify({ Tags: tags }))
const aboutAll = (tags: unknown, is = 'variables.jsonTags') =>
  sentenceAbout(answer(tags), { quoted: { sample: quote(tags), is } })
const aboutPart = (part: 'Key' | 'Value', value: string) =>
  sentenceAbout(answer([{ Key: 'k', Value: 'v', [part]: value }]), {
    plain: { sample: '0', is: `string(variables.${part.toLowerCase()}Place)` },
    quoted: { sample: quote(value), is: `variables.wrong${part}` },
  })

/** A tag is looked at before the next one, its key before its value. */
const keyFirst =
  'size(variables.wrongKeys) > 0 && (size(variables.wrongValues) == 0 || variables.keyPlace <= variables.valuePlace)'

/** What the schema says of `Tags`: of each tag, then of all of them. */
export const tagRules: Rule[] = [
  {
    when: `variables.jsonTags.startsWith('"')`,
    verdict: aboutAll('@', `variables.jsonTags.replace('"', '')`),
  },
  { when: `variables.jsonTags.matches(${pattern('^[^\\[]')})`, verdict: aboutAll(true) },
  { when: `${keyFirst} && variables.wrongKey == ''`, verdict: aboutPart('Key', '') },
  {
    when: `${keyFirst} && ${isLonger('variables.wrongKey', most('Key'))}`,
    verdict: aboutPart('Key', 'x'.repeat(most('Key') + 1)),
  },
  { when: keyFirst, verdict: aboutPart('Key', `${reservedPrefixes[0]}@`) },
  { when: 'size(variables.wrongValues) > 0', verdict: aboutPart('Value', 'x'.repeat(most('Value') + 1)) },
  {
    when: `size(variables.tags) > ${maxItems}`,
    verdict: aboutAll(Array.from({ length: maxItems + 1 }, (_, i) => ({ Key: `k${i}`, Value: '' }))),
  },
  {
    when: 'variables.tagKeys.exists(k, variables.tagKeys.indexOf(k) != variables.tagKeys.lastIndexOf(k))',
    verdict: aboutAll(['k', 'k'].map((Key) => ({ Key, Value: '' }))),
  },
]
