import { eipIdPattern, maxAnnotationLength, mostListedIds, parseEipIdList, quote } from '@pod-eip/domain'
import { isLonger, pattern, space, trimmed, type Variable } from './cel.ts'
import { type Rule, sentenceAbout } from './rules.ts'

const withoutLastComma = `(variables.idList.matches(${pattern(`,${space}*$`)}) ? variables.idList.substring(0, variables.idList.lastIndexOf(',')) : variables.idList)`

export const idListVariables: Variable[] = [
  { name: 'places', expression: `${withoutLastComma}.split(',').map(p, ${trimmed('p')})` },
  { name: 'ids', expression: "variables.places.filter(p, p != '')" },
  { name: 'noIds', expression: `variables.ids.filter(i, !i.matches(${pattern(eipIdPattern.source)}))` },
  {
    name: 'twice',
    expression: 'variables.ids.filter(i, variables.ids.indexOf(i) != variables.ids.lastIndexOf(i))',
  },
]

/** What `parseEipIdList` says of `variables.idList`. */
export const idListRules: Rule[] = [
  {
    when: isLonger('variables.idList', maxAnnotationLength),
    verdict: sentenceAbout(parseEipIdList('x'.repeat(maxAnnotationLength + 1))),
  },
  {
    when: 'size(variables.ids) == 0',
    verdict: sentenceAbout(parseEipIdList(','), { quoted: { sample: quote(','), is: 'variables.idList' } }),
  },
  {
    when: `size(variables.ids) > ${mostListedIds}`,
    verdict: sentenceAbout(
      parseEipIdList(Array.from({ length: mostListedIds + 1 }, (_, i) => `eip-${i}`).join()),
      {
        plain: { sample: String(mostListedIds + 1), is: 'string(size(variables.ids))' },
      },
    ),
  },
  {
    when: "'' in variables.places",
    verdict: sentenceAbout(parseEipIdList(',eip-a'), {
      plain: { sample: '1', is: "string(variables.places.indexOf('') + 1)" },
    }),
  },
  {
    when: 'size(variables.noIds) > 0',
    verdict: sentenceAbout(parseEipIdList('@'), { quoted: { sample: quote('@'), is: 'variables.noIds[0]' } }),
  },
  {
    when: 'size(variables.twice) > 0',
    verdict: sentenceAbout(parseEipIdList('eip-a,eip-a'), {
      plain: { sample: 'eip-a', is: 'variables.twice[0]' },
    }),
  },
]
