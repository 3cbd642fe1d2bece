import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ConfigTextError } from '../../src/egress/config-text/masq-config.ts'
import { type MarkedConfig, planList } from '../../src/egress/plan-list.ts'

const tke =
  '{"NonMasqueradeCIDRs":["172.16.0.0/16","10.67.0.0/16"],"NonMasqueradeSrcCIDRs":["172.16.9.2/32"],"MasqLinkLocal":true,"ResyncInterval":"1m0s","MasqLinkLocalIPv6":false}'
const bare = '{"NonMasqueradeCIDRs":["172.16.0.0/16"],"MasqLinkLocal":true}'
const pretty = `{
\t"NonMasqueradeCIDRs": [
\t\t"172.16.0.0/16"
\t],
\t"nonMasqueradeSrcCIDRs": [
\t\t"172.16.9.2/32"
\t],
\t"resyncInterval": "60s"
}
`
const yaml = `# the agent of our clusters
nonMasqueradeCIDRs:
  - 10.0.0.0/8   # all of us
  - 172.16.0.0/12
nonmasqueradesrccidrs:   # never SNATed
  # the media servers
  - '172.16.9.2/32'
  - '172.16.9.7/32' # the second

# last
masqLinkLocal: true
`
/** Every way of writing that we know; each is the same to the agent before and after. */
const texts: Record<string, string> = {
  'one line of JSON, as TKE has it': tke,
  'JSON without the list': bare,
  'JSON with blanks, without the list': '{ "masqLinkLocal": true, "resyncInterval": "60s" }',
  'JSON of nothing': '{}',
  'JSON with an empty list': '{"NonMasqueradeSrcCIDRs":[],"MasqLinkLocal":true}',
  'JSON with no value': '{"NonMasqueradeSrcCIDRs": null}',
  'pretty JSON': pretty,
  'pretty JSON without the list': JSON.stringify({ a: { b: [1, 2] }, masqLinkLocal: true }, null, 2),
  'pretty JSON with an entry a line': JSON.stringify(
    { NonMasqueradeSrcCIDRs: ['1.0.0.0/8', '2.0.0.0/8'] },
    null,
    2,
  ),
  'YAML with comments': yaml,
  'YAML with line breaks of Windows': yaml.replaceAll('\n', '\r\n'),
  'YAML without the list': 'resyncInterval: 60s\nmasqLinkLocal: true # yes\n# the end\n',
  'YAML without a line break at its end': 'nonMasqueradeCIDRs:\n- 10.0.0.0/8',
  'YAML with the list at its end': 'a: 1\nNonMasqueradeSrcCIDRs:\n- 172.16.9.2/32',
  'YAML with a list in brackets':
    'NonMasqueradeSrcCIDRs: [172.16.9.2/32, "1.2.3.4/32"] # both\nmasqLinkLocal: false\n',
  'YAML with an empty list': 'NonMasqueradeSrcCIDRs: []\nmasqLinkLocal: false\n',
  'YAML with no value': 'NonMasqueradeSrcCIDRs: # none yet\nmasqLinkLocal: false\n',
  'YAML with a written null': 'NonMasqueradeSrcCIDRs: ~ # none yet\nmasqLinkLocal: false\n',
  'YAML with a block of text at its end': 'masqLinkLocal: true\nnote: |+\n  some text\n\n',
  'YAML with an anchor elsewhere': 'x: &x [10.0.0.0/8]\nnonMasqueradeCIDRs: *x\n',
  'YAML that is indented': '  masqLinkLocal: true\n  NonMasqueradeSrcCIDRs:\n    - 172.16.9.2/32\n',
  'YAML after a document mark': '---\nmasqLinkLocal: true\n',
}
const each = Object.entries(texts)
const listOf = (text: string): string[] =>
  Object.entries((parse(text) ?? {}) as Record<string, string[] | null>).find(
    ([key]) => key.toLowerCase() === 'nonmasqueradesrccidrs',
  )?.[1] ?? []
const others = (text: string) =>
  Object.entries(parse(text) as object).filter(([key]) => key.toLowerCase() !== 'nonmasqueradesrccidrs')
const begin = (text: string): MarkedConfig => ({ text, marker: null })

describe.each(each)('%s', (_, text) => {
  test('gets entries, and is as it was, to the byte, when they are not needed any more', () => {
    const planned = planList(begin(text), ['10.0.0.1', '10.0.0.2', '10.0.0.3'])
    expect(listOf(planned.text)).toEqual([...listOf(text), '10.0.0.1/32', '10.0.0.2/31'])
    expect(others(planned.text)).toEqual(others(text))
    expect(planned.marker!.entries).toEqual(['10.0.0.1/32', '10.0.0.2/31'])
    expect(planList(planned, [])).toEqual(begin(text))
  })

  test('whatever comes and goes: ours are exactly those that are needed, all else stays', () => {
    const address = fc.integer({ min: 0, max: 20 }).map((n) => `10.0.0.${n}`)
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(address, { maxLength: 12 }), { maxLength: 6 }), (rounds) => {
        let now = begin(text)
        for (const addresses of rounds) {
          now = planList(now, addresses)
          expect(planList(now, addresses)).toEqual(now)
          expect(listOf(now.text).slice(0, listOf(text).length)).toEqual(listOf(text))
          expect(listOf(now.text).slice(listOf(text).length).sort()).toEqual(
            [...(now.marker?.entries ?? [])].sort(),
          )
          expect(others(now.text)).toEqual(others(text))
        }
        expect(planList(now, [])).toEqual(begin(text))
      }),
      { numRuns: 40 },
    )
  })
})

test('one line stays one line, and a list with an entry a line keeps it so', () => {
  expect(planList(begin(tke), ['10.0.0.1']).text).toBe(
    tke.replace('"172.16.9.2/32"', '"172.16.9.2/32","10.0.0.1/32"'),
  )
  expect(planList(begin(pretty), ['10.0.0.1']).text).toContain(
    '\t"nonMasqueradeSrcCIDRs": [\n\t\t"172.16.9.2/32",\n\t\t"10.0.0.1/32"\n\t],',
  )
  expect(planList(begin(yaml), ['10.0.0.1']).text).toContain(
    "  - '172.16.9.7/32' # the second\n  - '10.0.0.1/32'\n\n# last",
  )
})

describe("somebody else's entries", () => {
  const add = (text: string, entry: string) => text.replace('"NonMasqueradeSrcCIDRs":[', `$&"${entry}",`)

  test('that hold an address of ours, whole or as one of many, are left, and get no second one', () => {
    expect(planList(begin(tke), ['172.16.9.2'])).toEqual(begin(tke))
    const wide = tke.replace('172.16.9.2/32', '172.16.9.0/24')
    expect(planList(begin(wide), ['172.16.9.2', '172.16.9.77'])).toEqual(begin(wide))
    expect(planList(begin(wide), [])).toEqual(begin(wide))
  })

  test('that come later take the place of ours', () => {
    const ours = planList(begin(tke), ['10.0.0.1', '10.0.0.4'])
    const theirs = { ...ours, text: add(ours.text, '10.0.0.0/30') }
    expect(planList(theirs, ['10.0.0.1', '10.0.0.4'])).toMatchObject({
      text: add(tke, '10.0.0.0/30').replace('"172.16.9.2/32"', '"172.16.9.2/32","10.0.0.4/32"'),
      marker: { entries: ['10.0.0.4/32'] },
    })
  })

  test('that are the same as one of ours stay when ours goes', () => {
    const ours = planList(begin(tke), ['10.0.0.1'])
    const both = planList({ ...ours, text: add(ours.text, '10.0.0.1/32') }, ['10.0.0.1'])
    expect(both).toEqual(begin(add(tke, '10.0.0.1/32')))
  })

  test('that go make ours come', () => {
    const bare = tke.replace('"172.16.9.2/32"', '')
    expect(listOf(planList(begin(bare), ['172.16.9.2']).text)).toEqual(['172.16.9.2/32'])
  })

  test('in the list that we made keep it when ours go', () => {
    const ours = planList(begin(bare), ['10.0.0.1'])
    const theirs = { ...ours, text: add(ours.text, '192.168.0.0/16') }
    expect(listOf(planList(theirs, []).text)).toEqual(['192.168.0.0/16'])
  })
})

test('what somebody took out of ours comes back, and what the marker says of entries that are not there is nothing', () => {
  const ours = planList(begin(tke), ['10.0.0.1', '10.0.0.5'])
  const taken = { ...ours, text: ours.text.replace(',"10.0.0.1/32"', '') }
  expect(listOf(planList(taken, ['10.0.0.1', '10.0.0.5']).text)).toEqual(
    expect.arrayContaining(['172.16.9.2/32', '10.0.0.1/32', '10.0.0.5/32']),
  )
  expect(planList({ ...ours, text: tke }, [])).toEqual(begin(tke))
})

test.each([
  ['text that is no YAML', 'a: [1\nb: 2', 'is not YAML'],
  ['what looks like JSON and is not', '{NonMasqueradeSrcCIDRs: []}', 'is not JSON'],
  ['nothing', '  \n', 'is empty'],
  ['a list', '- a\n', 'is not a set of keys and values'],
  [
    'the key twice',
    'nonMasqueradeSrcCIDRs: []\nNonMasqueradeSrcCIDRs: []\n',
    'has nonMasqueradeSrcCIDRs and',
  ],
  ['text for a list', 'NonMasqueradeSrcCIDRs: 10.0.0.0/8\n', 'that is not a plain list'],
  ['an alias for a list', 'x: &x []\nNonMasqueradeSrcCIDRs: *x\n', 'that is not a plain list'],
  ['a list that others refer to', 'NonMasqueradeSrcCIDRs: &x []\nx: *x\n', 'that is not a plain list'],
  [
    'a list that comes by a merge key',
    'x: &x {nonMasqueradeSrcCIDRs: [1.1.1.1/32]}\n<<: *x\n',
    'by a merge key (<<); write the list out',
  ],
  ['entries that are no text', '{"NonMasqueradeSrcCIDRs":[1]}', 'that is not text'],
  ['two documents', 'a: 1\n---\nb: 2\n', 'is not YAML'],
  ['a dash on a line of its own', 'NonMasqueradeSrcCIDRs:\n-\n  10.0.0.0/8\n', 'without one entry a line'],
])('%s is left alone', (_, text, says) => {
  expect(() => planList(begin(text), ['192.168.0.1'])).toThrow(ConfigTextError)
  expect(() => planList(begin(text), ['192.168.0.1'])).toThrow(says)
})
