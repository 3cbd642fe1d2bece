import { quote } from './quote.ts'

/** Texts of `eip-attributes` that go to the cloud as they are. */
export interface GivenTexts {
  AddressName?: string | undefined
  InternetServiceProvider?: string | undefined
  BandwidthPackageId?: string | undefined
  AntiDDoSPackageId?: string | undefined
  Egress?: string | undefined
  Tags?: { Key: string; Value: string }[] | undefined
}

/** Letters of any script, their marks, and digits. */
const letters = '\\p{L}\\p{M}\\p{N}'
const inTags = `${letters}+\\-=._:/@()\\[\\],;><＋－＝／＠（）【】：`
/** Patterns that RE2 reads as well, for who checks texts without this code. */
export const letterPatterns = {
  /** As Tencent Cloud names EIPs, and the dot, which names of Pods have. */
  name: `^[${letters}._-]+$`,
  /** As Tencent Cloud documents tags: neither end is a space, and full-width signs count as well. */
  tag: `^(?:[${inTags}](?:[${inTags} ]*[${inTags}])?)?$`,
  /** Ids and codes of the cloud are printable ASCII. */
  code: '^[!-~]+$',
}
const name = new RegExp(letterPatterns.name, 'u')
const tag = new RegExp(letterPatterns.tag, 'u')
const code = new RegExp(letterPatterns.code)

/** Fields with ids and codes, in the order in which they are looked at. */
export const codeFields = [
  'InternetServiceProvider',
  'BandwidthPackageId',
  'AntiDDoSPackageId',
  'Egress',
] as const

/**
 * What is wrong with the letters of a text that the cloud would be given, as the rest of a sentence; `null` when
 * nothing is. Control characters, halves of surrogate pairs and the like are in none of them.
 */
export function wrongLetters(given: GivenTexts): string | null {
  const { AddressName, Tags = [] } = given
  for (const field of codeFields) {
    const value = given[field]
    if (value !== undefined && !code.test(value)) {
      return wrong(field, value, 'write it as Tencent Cloud shows it, in ASCII letters without spaces')
    }
  }
  if (AddressName !== undefined && !name.test(AddressName)) {
    return wrong('AddressName', AddressName, 'use letters, digits, "-", "_" and "."')
  }
  for (const [index, { Key, Value }] of Tags.entries()) {
    const part = tag.test(Key) ? (tag.test(Value) ? null : 'Value') : 'Key'
    if (part === null) continue
    const remedy = 'use letters, digits, spaces between them and + - = . _ : / @ ( ) [ ] , ; > <'
    return wrong(`Tags.${index}.${part}`, part === 'Key' ? Key : Value, remedy)
  }
  return null
}

function wrong(field: string, value: string, remedy: string): string {
  return `has a wrong ${field} (${quote(value)}): ${remedy}`
}
