import {
  attributesJsonSchema,
  letterPatterns,
  parseEipAttributes,
  quote,
  reservedPrefixes,
} from '@pod-eip/domain'
import { type Cel, isLonger, pattern, text, type Variable } from './cel.ts'
import { type Rule, sentenceAbout } from './rules.ts'

const tag = '\\{"Key":"[^"]*","Value":"[^"]*"\\}|\\{"Value":"[^"]*","Key":"[^"]*"\\}'

/** A list of tags that each have a key and a value, both texts, and nothing else: others are not judged. */
export const isTagList = (value: Cel): Cel =>
  `${value}.matches(${pattern(`^\\[(?:(?:${tag})(?:,(?:${tag}))*)?\\]$`)})`

const name = '"[^":0-9][^":]*":'
const namedValue = `${name}(?:"[^"]*"|true|false|null|0|[1-9][0-9]{0,8})`

/**
 * An object in place of the list, `{"team":"games"}`, that JavaScript writes as it was written: no name is a number,
 * which would go to the front, and none stands there twice. Others are not judged.
 */
export const isPlainObject = (value: Cel): Cel =>
  `(${value}.matches(${pattern(`^\\{(?:${namedValue}(?:,${namedValue}){0,46})?\\}$`)}) && [${value}.findAll(${pattern(name)})].all(names, names.all(n, names.indexOf(n) == names.lastIndexOf(n))))`

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

/** Keys and values that something is wrong with, the first of each, and their places. */
function wrongParts(prefix: string, isWrong: Record<'key' | 'value', (part: Cel) => Cel>): Variable[] {
  return (['key', 'value'] as const).flatMap((part) => {
    const name = `${prefix}${part === 'key' ? 'Key' : 'Value'}`
    const all = part === 'key' ? 'variables.tagKeys' : 'variables.tagValues'
    return [
      { name: `${name}s`, expression: `${all}.filter(part, ${isWrong[part]('part')})` },
      { name, expression: first(`variables.${name}s`) },
      // Equal ones are equally wrong, so that the first of them is meant.
      { name: `${name}Place`, expression: `${all}.indexOf(variables.${name})` },
    ]
  })
}
const hasOtherLetters = (part: Cel): Cel => `!${part}.matches(${pattern(letterPatterns.tag)})`

export const tagVariables: Variable[] = [
  { name: 'tags', expression: `variables.jsonTags.findAll(${pattern(tag)})` },
  { name: 'tagKeys', expression: partsOf('Key') },
  { name: 'tagValues', expression: partsOf('Value') },
  ...wrongParts('wrong', {
    key: (k) => `${k} == '' || ${isLonger(k, most('Key'))} || ${isReserved(k)}`,
    value: (v) => isLonger(v, most('Value')),
  }),
  ...wrongParts('odd', { key: hasOtherLetters, value: hasOtherLetters }),
]

const answer = (tags: unknown) => parseEipAttributes(JSON.stringify({ Tags: tags }))
const aboutAll = (tags: unknown, is = 'variables.jsonTags') =>
  sentenceAbout(answer(tags), { quoted: { sample: quote(tags), is } })
const aboutPart = (part: 'Key' | 'Value', value: string, prefix = 'wrong') =>
  sentenceAbout(answer([{ Key: 'k', Value: 'v', [part]: value }]), {
    plain: { sample: '0', is: `string(variables.${prefix}${part}Place)` },
    quoted: { sample: quote(value), is: `variables.${prefix}${part}` },
  })

/** A tag is looked at before the next one, its key before its value. */
const isKeyFirst = (prefix: string): Cel =>
  `size(variables.${prefix}Keys) > 0 && (size(variables.${prefix}Values) == 0 || variables.${prefix}KeyPlace <= variables.${prefix}ValuePlace)`
const keyFirst = isKeyFirst('wrong')

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

/** What pod-eip says of the letters in `Tags`. */
export const tagLetterRules: Rule[] = [
  { when: isKeyFirst('odd'), verdict: aboutPart('Key', '!', 'odd') },
  { when: 'size(variables.oddValues) > 0', verdict: aboutPart('Value', '!', 'odd') },
]
