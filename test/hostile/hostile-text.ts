import fc from 'fast-check'

/** Text that somebody might write who wishes ill: each kind once. */
export const hostileTexts = {
  'a megabyte': 'A'.repeat(1024 * 1024),
  'a megabyte of JSON': `{"Bandwidth":"${'9'.repeat(1024 * 1024)}"}`,
  'deep arrays': `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  'deep objects': `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
  'deep within the limit': `${'{"a":'.repeat(1_300)}1${'}'.repeat(1_300)}`,
  'prototype keys':
    '{"__proto__":{"Bandwidth":"5"},"constructor":{"prototype":{"ISP":"BGP"}},"toString":"x"}',
  'an object that cannot be compared':
    '{"AddressName":{"length":{"toString":{}}},"Tags":{"length":{"valueOf":1}}}',
  'a huge number': '{"Bandwidth":1e309,"InternetMaxBandwidthOut":999999999999999999999999}',
  'a negative number': '{"Bandwidth":"-1"}',
  'control characters': '\u0000\u0007\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n\t\u007f',
  'a title for the terminal': '\u001b]0;owned\u0007',
  'bidi characters': '{"ISP":"\u202ePGB\u202c\u2066\u2069\u200f"}',
  'a lone surrogate': '{"ISP":"\ud800","AddressName":"\udfff"}',
  'half an emoji at the cut': `${'x'.repeat(8191)}😀`,
  'SQL text': `'; drop schema pod_eip cascade; --`,
  'shell text': '$(reboot); `reboot` && reboot | reboot > /etc/passwd',
  'a template': '$'.concat('{process.exit(1)} {{ .Values }} %s %n %1$n'),
  HTML: '<script>alert(1)</script>',
  'an endless list': `eip-1${',eip-1'.repeat(200_000)}`,
  'nothing but commas': ','.repeat(100_000),
  'a wrong date': '99999999999999999999h',
} as const

/** Longer than anything that is taken, and no longer: a counterexample should fit on a page. */
const longest = 20_000

/** Any text, hostile ones among it often. */
export function hostileText(): fc.Arbitrary<string> {
  const units = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    fc.constantFrom('\0', '\x1b[31m', '\u202e', '\ud800', '\u009b', '"', '\\', "'", ',', '{', '[', '😀'),
  )
  return fc.oneof(
    fc.constantFrom(...Object.values(hostileTexts).map((text) => text.slice(0, longest))),
    fc.array(units, { maxLength: 80 }).map((letters) => letters.join('')),
    fc.json(),
    fc.string({ unit: 'binary', maxLength: 80 }),
  )
}

/** Any JSON value, with keys that mean something to JavaScript. */
export function hostileJson(): fc.Arbitrary<unknown> {
  const key = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'length', 'then', ''),
    fc.string(),
  )
  const leaf = fc.oneof(
    hostileText(),
    fc.double(),
    fc.constantFrom(null, true, 0, -1, 1e308, Number.MAX_SAFE_INTEGER, 2 ** 60),
  )
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 5 }),
      fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => JSON.parse(jsonOf(entries))),
    ),
  })).value
}

/** As a parser makes it: `__proto__` is a key like any other. */
function jsonOf(entries: [string, unknown][]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value) ?? 'null'}`).join(',')}}`
}

/** A copy of a valid value in which one place is replaced, taken away, or has something beside it. */
export function spoiled(value: unknown): fc.Arbitrary<unknown> {
  const places = placesIn(value)
  return fc
    .tuple(fc.constantFrom(...places), fc.constantFrom('replace', 'remove', 'add'), hostileJson())
    .map(([place, how, other]) => spoil(structuredClone(value), place, how, other))
}

type Place = (string | number)[]

function placesIn(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [place]
  return [place, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...place, key]))]
}

function spoil(value: unknown, place: Place, how: string, other: unknown): unknown {
  const key = place.at(-1)
  if (key === undefined) return other
  const parent = place.slice(0, -1).reduce((inner, at) => (inner as never)[at], value) as Record<
    string,
    unknown
  >
  if (how === 'remove') delete parent[key]
  else if (how === 'add') parent.more = other
  else parent[key] = other
  return value
}

/** What must never reach a terminal, a log or a condition as it is. */
export const unprintable = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\u200e\u200f]/u
