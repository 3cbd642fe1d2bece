import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addressesWithoutEntry,
  type Claim,
  egressAddressOf,
  egressEntries,
  emptyClaim,
  formatIpv4,
  type Ipv4Block,
  lastOf,
  mergeIpv4,
  parseIpv4,
  parseIpv4Block,
} from '../src/index.ts'

/** Addresses close to each other, so that many are neighbours, at both ends of the space too. */
const addresses = fc.constantFrom(0, 0x0a00_0000, 0xac10_0000, 0xffff_ff00).chain((base) =>
  fc.uniqueArray(
    fc.integer({ min: 0, max: 255 }).map((n) => base + n),
    { maxLength: 200 },
  ),
)
const all = ({ base, bits }: Ipv4Block) => Array.from({ length: 2 ** (32 - bits) }, (_, i) => base + i)

describe('merging addresses', () => {
  test('holds exactly the addresses, each once', () => {
    fc.assert(
      fc.property(addresses, (set) => {
        expect(mergeIpv4(set).flatMap(all)).toEqual([...set].sort((a, b) => a - b))
      }),
    )
  })

  test('is as short as can be: no block of a shorter prefix around any of them would do', () => {
    fc.assert(
      fc.property(addresses, (set) => {
        const have = new Set(set)
        for (const { base, bits } of mergeIpv4(set)) {
          if (bits === 0) continue
          const around = parseIpv4Block(`${formatIpv4(base)}/${bits - 1}`)!
          expect(all(around).every((ip) => have.has(ip))).toBe(false)
        }
      }),
    )
  })

  test('does not depend on the order', () => {
    fc.assert(
      fc.property(addresses, (set) => {
        expect(mergeIpv4([...set].reverse())).toEqual(mergeIpv4(set))
      }),
    )
  })

  test('goes up to the whole space', () => {
    expect(lastOf(parseIpv4Block('0.0.0.0/0')!)).toBe(2 ** 32 - 1)
    expect(parseIpv4Block('255.255.255.255/32')).toEqual({ base: 2 ** 32 - 1, bits: 32 })
  })
})

test.each([
  '10.0.0.5/33',
  '10.0.0.5',
  '10.0.0.256/32',
  '010.0.0.1/8',
  'fd00::/8',
  '',
  '10.0.0/8',
  '10.0.0.1/08',
])('%s is no IPv4 block', (text) => expect(parseIpv4Block(text)).toBeNull())

test('every address is read as it is written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (ip) => {
      expect(parseIpv4(formatIpv4(ip))).toBe(ip)
    }),
  )
})

test('what others hold is left to them; what they hold in part is not merged over it', () => {
  const four = ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3']
  expect(egressEntries(four, [])).toEqual(['10.0.0.0/30'])
  expect(egressEntries(four, ['10.0.0.1/32', 'fd00::/8', 'nonsense'])).toEqual(['10.0.0.0/32', '10.0.0.2/31'])
  expect(egressEntries(four, ['10.0.0.9/8'])).toEqual([])
  expect(addressesWithoutEntry(four, ['10.0.0.2/31', 'x'])).toEqual(['10.0.0.0', '10.0.0.1'])
})

describe('which address of a claim needs an entry', () => {
  const pod = { uid: 'p', terminating: false, ended: null } as Claim['pod'] & object
  const binding = { podUid: 'p', privateIp: '10.0.0.5' } as Claim['binding'] & object
  const bound: Claim = { ...emptyClaim('ns/a'), phase: 'Bound', pod, binding }
  const missed = { ...pod, ended: { reason: 'Missed', at: '' } }

  const endsBy = '2026-01-01T00:10:00Z'
  const until = Date.parse('2026-01-01T00:08:30Z')
  test.each<[string, Claim, string | null, number?]>([
    ['a bound one', bound, '10.0.0.5'],
    ['one whose EIP is on its way', { ...bound, phase: 'Binding' }, null],
    ['one whose EIP is on its way off', { ...bound, phase: 'Unbinding' }, null],
    ['one whose Pod is being deleted', { ...bound, pod: { ...pod, terminating: true } }, null],
    [
      'one whose Pod is given ten minutes to end',
      { ...bound, pod: { ...pod, terminating: true, endsBy } },
      '10.0.0.5',
      until,
    ],
    ['one whose Pod has ended', { ...bound, pod: { ...pod, ended: { reason: 'Deleted', at: '' } } }, null],
    ['one whose Pod a list lacked, its EIP being held', { ...bound, pod: missed }, '10.0.0.5'],
    ['one whose Pod was replaced', { ...bound, pod: { ...pod, uid: 'q' } }, null],
    ['one on an interface of its own', { ...bound, binding: { ...binding, ownInterface: true } }, null],
    ['one with an IPv6 address', { ...bound, binding: { ...binding, privateIp: 'fd00::1' } }, null],
  ])('%s', (_, claim, address, ends) => {
    expect(egressAddressOf(claim)).toEqual(address && { address, until: ends ?? null })
  })
})
