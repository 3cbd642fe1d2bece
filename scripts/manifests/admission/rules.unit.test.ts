import { parseEipAttributes, quote } from '@pod-eip/domain'
import { expect, test } from 'vitest'
import { sentenceAbout, verdictOf } from './rules.ts'

test('a rule says what domain says of a sample, with another value in its place', () => {
  const isp = { sample: quote('@'), is: 'variables.jsonISP' }
  const said = sentenceAbout(parseEipAttributes('{"ISP":"@"}'), { quoted: isp })
  expect(said).toEqual({
    says: 'Annotation eip-attributes has a wrong ISP (%q): use one of BGP, CMCC, CTCC, CUCC.',
    quoted: 'variables.jsonISP',
  })
  expect(verdictOf([{ when: 'wrong', verdict: said }])).toBe(
    `wrong ? [${JSON.stringify(said.says)}, variables.jsonISP, ''] :\n['', '', '']`,
  )
})

test('rules of domain that have changed stop the policy from being written', () => {
  expect(() => sentenceAbout(parseEipAttributes('{}'))).toThrow('domain accepts a sample')
  const other = { sample: '"other"', is: 'variables.jsonISP' }
  expect(() => sentenceAbout(parseEipAttributes('{"ISP":"@"}'), { quoted: other })).toThrow(
    'does not say "other"',
  )
})
