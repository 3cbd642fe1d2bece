import { hostNetworkSentence, parseClaimTerms } from '@pod-eip/domain'
import { attributeRules, attributeVariables } from './attributes.ts'
import type { Variable } from './cel.ts'
import { expiryRules, expiryVariables } from './expiry.ts'
import { idListRules, idListVariables } from './id-list.ts'
import { podOfAnyKind, podVariables, wordVariables } from './pod.ts'
import { refusalOfVerdict, sentenceAbout, verdictOf } from './rules.ts'

const bothSources = parseClaimTerms(
  { idList: 'eip-a', attributes: '' },
  { name: 'pod', controllerKind: null },
)
const nothing = "['', '', '']"

/**
 * Variables of the policy that refuses, behind `domain`. The last one, `refusal`, is the sentence that the
 * condition of the Pod's claim would have, or `''`: the Pod asks for nothing, asks for what pod-eip takes, says
 * what it said before, or only pod-eip itself can tell.
 */
export const refusalVariables: Variable[] = [
  podOfAnyKind,
  ...podVariables,
  ...wordVariables,
  ...attributeVariables,
  ...idListVariables,
  ...expiryVariables,
  {
    name: 'ofPod',
    expression: verdictOf([
      { when: 'variables.hostNetwork', verdict: { says: hostNetworkSentence } },
      {
        when: 'size(variables.attributesNames) > 0 && size(variables.idListNames) > 0',
        verdict: sentenceAbout(bothSources),
      },
    ]),
  },
  { name: 'ofAttributes', expression: verdictOf(attributeRules) },
  { name: 'ofIdList', expression: verdictOf(idListRules) },
  {
    name: 'ofSource',
    expression: 'size(variables.idListNames) > 0 ? variables.ofIdList : variables.ofAttributes',
  },
  { name: 'ofExpiry', expression: verdictOf(expiryRules) },
  {
    name: 'verdict',
    // In the order of `parseClaimTerms`: where the EIP comes from, then how long it is kept.
    expression: [
      `!variables.asks || variables.saidBefore ? ${nothing} :`,
      `variables.ofPod != ${nothing} ? variables.ofPod :`,
      `variables.ofSource != ${nothing} ? variables.ofSource : variables.ofExpiry`,
    ].join('\n'),
  },
  ...refusalOfVerdict,
]
