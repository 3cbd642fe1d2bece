import { codeFields, letterPatterns } from '@pod-eip/domain'
import { pattern } from './cel.ts'
import { aboutField, isGiven, shown } from './fields.ts'
import type { Rule } from './rules.ts'
import { tagLetterRules } from './tags.ts'

/** The letters of texts that go to the cloud, as `wrongLetters` of `domain` has them. */
export const letterRules: Rule[] = [
  ...codeFields.map((field) => {
    const beside = field === 'AntiDDoSPackageId' ? { AddressType: 'AntiDDoSEIP' } : {}
    return { when: hasOther(field, letterPatterns.code), verdict: aboutField(field, 'a b', beside) }
  }),
  { when: hasOther('AddressName', letterPatterns.name), verdict: aboutField('AddressName', '@') },
  ...tagLetterRules,
]

function hasOther(field: string, letters: string): string {
  return `${isGiven(field)} && !${shown(field)}.matches(${pattern(letters)})`
}
