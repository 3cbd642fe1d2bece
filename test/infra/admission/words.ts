import { maxBandwidth } from '@pod-eip/domain'
import fc from 'fast-check'
import { judged, type Words } from './known-words.ts'

/** Texts without what JSON writes with a backslash. */
const plainText = (maxLength: number) =>
  fc.string({ unit: 'grapheme', maxLength }).map((text) => text.replace(/["\\\p{Cc}]/gu, '#'))
const blank = fc.constantFrom('', '', ' ', '\n', '\t ', '\r\n')

const values: Record<string, fc.Arbitrary<unknown>> = {
  InternetChargeType: fc.constantFrom(...Object.keys(maxBandwidth), 'BANDWIDTH_PREPAID_BY_MONTH', 'FREE'),
  AddressType: fc.constantFrom('EIP', 'AnycastEIP', 'AntiDDoSEIP', 'HighQualityEIP', 'WanIP'),
  AnycastZone: fc.constantFrom('ANYCAST_ZONE_GLOBAL', 'MARS'),
  ISP: fc.constantFrom('BGP', 'CMCC', 'bgp', ' BGP'),
  AddressName: fc.oneof(plainText(20), plainText(200), fc.constant('a b'), fc.constant('a\u00a0b')),
  Tags: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.array(
        fc.record({
          Key: fc.oneof(fc.constantFrom('team', 'QCS:a', 'projects', ''), plainText(3), plainText(150)),
          Value: fc.oneof(plainText(5), plainText(300)),
        }),
        { maxLength: 4 },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.dictionary(
        fc.constantFrom('team', 'Key', 'Value', 'Größe'),
        fc.oneof(plainText(9), fc.nat(999_999_999), fc.constantFrom(true, null)),
      ),
    },
  ),
}
const bandwidth = fc.oneof(
  fc.integer({ min: -3, max: 2100 }),
  fc.integer({ min: -3, max: 2100 }).map((n) => ` 0${n}\u3000`),
  fc.constantFrom(
    '',
    null,
    '5',
    '1.5',
    1.5,
    -0.25,
    '+5',
    '1e1',
    'abc',
    '５',
    '\ufeff7',
    '\u00857',
    '0'.repeat(50),
  ),
)
const value = (field: string) =>
  fc.oneof(
    {
      weight: 6,
      arbitrary:
        field.endsWith('th') || field.endsWith('Out') ? bandwidth : (values[field] ?? plainText(140)),
    },
    { weight: 1, arbitrary: fc.constantFrom(null, '', true, false, 7, 'x') },
  )

/** `eip-attributes` as people write it, with fields in any order, some twice, and white space between tokens. */
export const plainAttributes: fc.Arbitrary<Words> = fc
  .array(
    fc
      .constantFrom(
        ...['Bandwidth', 'ISP', 'InternetMaxBandwidthOut', 'InternetServiceProvider', 'InternetChargeType'],
        ...['AddressType', 'AnycastZone', 'BandwidthPackageId', 'AntiDDoSPackageId', 'Egress', 'AddressName'],
        ...['Tags', 'Bandwith', 'Unknown'],
      )
      .chain((field) => fc.tuple(fc.constant(field), value(field), blank, blank)),
    { maxLength: 6 },
  )
  .chain((members) =>
    blank.map((space) => {
      const texts = members.map(
        ([field, given, a, b]) =>
          `${a}"${field}"${b}:${a}${JSON.stringify(given, null, b === '' ? 0 : 1)}${b}`,
      )
      return judged.attributes(`${space}{${texts.join(',')}}${space}`)
    }),
  )

/** Fields that go together, or do not. */
export const combinations: fc.Arbitrary<Words> = fc
  .record(
    {
      InternetChargeType: values.InternetChargeType!,
      BandwidthPackageId: fc.constantFrom('bwp-a', ''),
      AddressType: values.AddressType!,
      AntiDDoSPackageId: fc.constantFrom('bgp-a', null),
      AnycastZone: values.AnycastZone!,
      Bandwidth: fc.constantFrom('100', 101, '2000', 2001),
      InternetMaxBandwidthOut: fc.constantFrom(0, '100', 200),
    },
    { requiredKeys: [] },
  )
  .map(judged.attributes)

/** JSON with something broken in it, as typing breaks it. */
export const brokenJson: fc.Arbitrary<Words> = fc
  .tuple(
    fc.constantFrom(
      '{"Bandwidth":"100","ISP":"BGP"}',
      '{"Tags":[{"Key":"a","Value":"b"},{"Key":"c","Value":"d"}]}',
      ' { "Bandwidth" : 5 , "ISP" : null } ',
      '[1, {"a":true}]',
    ),
    fc.nat(60),
    fc.nat(2),
    fc.constantFrom(
      '',
      '"',
      ',',
      ':',
      '{',
      '}',
      '[',
      ']',
      "'",
      '0',
      '-',
      '.',
      'e',
      't',
      'true',
      ' ',
      '\n',
      '\u00a0',
    ),
  )
  .map(([json, at, cut, put]) => judged.attributes(json.slice(0, at) + put + json.slice(at + cut)))

/** Lists of EIPs, mostly well written. */
export const idLists: fc.Arbitrary<Words> = fc
  .array(
    fc.oneof(
      {
        weight: 5,
        arbitrary: fc.constantFrom('eip-a', 'eip-b', 'eip-c', ' eip-d', 'eip-e\u00a0', 'eip-f\ufeff'),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('', ' ', 'eip-', 'EIP-A', '203.0.113.9', 'eip-a b', '\u0085eip-a'),
      },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 70 }) },
    ),
    { maxLength: 6 },
  )
  .map((ids) => judged.idList(ids.join(',')))

/** Durations, of which Go and JavaScript think alike. */
export const expiries: fc.Arbitrary<Words> = fc
  .oneof(
    fc
      .array(
        fc.tuple(
          fc.oneof(fc.nat(400).map(String), fc.constantFrom('0', '.5', '5.', '1.25', '00')),
          fc.constantFrom('h', 'm', 's', 'ms', 'us', 'µs', 'μs', 'ns'),
        ),
        { maxLength: 4 },
      )
      .chain((parts) =>
        fc
          .constantFrom('', '', '', '-', '+', ' ', '\ufeff')
          .map((sign) => sign + parts.map((part) => part.join('')).join('')),
      ),
    fc.constantFrom('', '0', '-0', '+0', '1d', '5', '5 m', 'soon', '90000ms', '4m59.999s', 'x'.repeat(101)),
    fc.string({ unit: 'grapheme', maxLength: 70 }),
  )
  .map((expiry) => judged.expiry(expiry))

/** Whatever text: mostly no JSON, and JSON of any depth. */
export const anyAttributes: fc.Arbitrary<Words> = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.json({ maxDepth: 5 }),
    fc.json({ maxDepth: 5, stringUnit: 'binary' }),
  )
  .map((text) => judged.attributes(text))
