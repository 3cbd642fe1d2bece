import { longestExpiry, minExpiryMs, parseClaimTerms, quote } from '@pod-eip/domain'
import { anyOf, type Cel, pattern, space, trimmed, type Variable } from './cel.ts'
import { type Rule, sentenceAbout } from './rules.ts'

const unit = '(?:ns|us|µs|μs|ms|s|m|h)'
/** Go's durations, and those among them that its own reader, which CEL has, cannot find too long. */
const isDuration = (value: Cel) =>
  `${value}.matches(${pattern(`^(?:[+-]?0|[+-]?(?:(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)${unit})+)$`)})`
const isReadable = (value: Cel) =>
  `${value}.matches(${pattern(`^[+-]?(?:(?:[0-9]{1,5}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})${unit}){1,20}$`)})`

/** What is lost to rounding in reading either way is far less than this, in ms. */
const margin = 0.001
/** Any digit but 0 makes it more than none, also where a part of a nanosecond is lost; below 0 is too short as well. */
const tooShort = (value: Cel) =>
  `${value}.matches('[1-9]') && duration(${value}) < duration('${minExpiryMs - margin}ms')`

export const expiryVariables: Variable[] = [{ name: 'expiryText', expression: trimmed('variables.expiry') }]

const sample = '@'

/** What `parseClaimTerms` says of `variables.expiry`. */
export const expiryRules: Rule[] = [
  { when: `variables.expiry.matches(${pattern(`^${space}*$`)})`, verdict: 'right' },
  {
    when: anyOf(
      `size(variables.expiry) > ${longestExpiry}`,
      `!${isDuration('variables.expiryText')}`,
      `${isReadable('variables.expiryText')} && ${tooShort('variables.expiryText')}`,
    ),
    verdict: sentenceAbout(
      parseClaimTerms({ claimExpiredDuration: sample }, { name: 'pod', controllerKind: null }),
      { quoted: { sample: quote(sample), is: 'variables.expiry' } },
    ),
  },
]
