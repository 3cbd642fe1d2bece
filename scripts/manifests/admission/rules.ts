import { mostShown, type Parsed, sentence } from '@pod-eip/domain'
import { type Cel, pattern, text, type Variable } from './cel.ts'

/** When it holds, and no rule before it did, its verdict is the answer. */
export interface Rule {
  when: Cel
  verdict: Verdict
}

/** A sentence that refuses; nothing is wrong; or only pod-eip itself can tell. */
export type Verdict = Sentence | 'right' | 'unknown'

interface Sentence {
  /** With `%q` where a value stands in quotation marks, and `%s` where one stands as it is. */
  says: string
  quoted?: Cel
  plain?: Cel
}

/** A value in the sentence about a sample, and the expression that takes its place. */
interface Value {
  sample: string
  is: Cel
}

/**
 * The sentence that `domain` refuses a sample with, with other values in the place of the sample's. So a policy
 * says what the condition of a claim says, in whatever words that is.
 * @throws Error when the sample is accepted, or the sentence lacks a value
 */
export function sentenceAbout(
  answer: Parsed<unknown>,
  values: { quoted?: Value; plain?: Value } = {},
): Sentence {
  if (answer.ok) throw new Error('domain accepts a sample that a policy is to refuse')
  const put = (says: string, value: Value | undefined, place: string) => {
    if (value && !says.includes(value.sample)) throw new Error(`"${says}" does not say ${value.sample}`)
    return value ? says.replace(value.sample, place) : says
  }
  const { quoted, plain } = values
  return {
    says: put(put(sentence(answer.message), plain, '%s'), quoted, '%q'),
    ...(quoted && { quoted: quoted.is }),
    ...(plain && { plain: plain.is }),
  }
}

const [right, unknown] = ["''", "'?'"]

/** Three texts: the words of the first rule that holds, its quoted and its plain value. */
export function verdictOf(rules: readonly Rule[]): Cel {
  const lines = rules.map(({ when, verdict }) => {
    if (typeof verdict === 'string') return `${when} ? [${verdict === 'right' ? right : unknown}, '', ''] :`
    return `${when} ? [${text(verdict.says)}, ${verdict.quoted ?? "''"}, ${verdict.plain ?? "''"}] :`
  })
  return [...lines, "['', '', '']"].join('\n')
}

/** Variables that make the sentence `refusal` out of `verdict`; `''` where nothing is known to be wrong. */
export const refusalOfVerdict: Variable[] = [
  { name: 'quoted', expression: quoteOf('variables.verdict[1]') },
  {
    name: 'refusal',
    // What stands as it is goes first: it is one of our own words, and a quoted one may say %s.
    expression: `variables.verdict[0] == ${unknown} ? '' : variables.verdict[0].replace('%s', variables.verdict[2], 1).replace('%q', variables.quoted, 1)`,
  },
]

/** `quote` of `domain` in CEL. */
function quoteOf(value: Cel): Cel {
  const short = `(size(${value}) > ${mostShown} ? ${value}.substring(0, ${mostShown - 3}) + '...' : ${value})`
  const clean = `.split('').map(c, c.matches(${pattern('[\\p{Cc}\\p{Cf}]')}) ? '?' : c).join('')`
  return `strings.quote(${short}${clean})`
}
