import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  defaultAttributes,
  extractPodRequest,
  formatDuration,
  maxAnnotationLength,
  parseClaimTerms,
  parseEipAttributes,
  parseGoDuration,
  samePodRequest,
} from '../src/index.ts'

const domain = 'tke.cloud.tencent.com'

describe('eip-attributes', () => {
  test.each([
    ['', defaultAttributes],
    ['  ', defaultAttributes],
    ['{}', defaultAttributes],
    ['{"Bandwidth":"","ISP":""}', defaultAttributes],
    ['{"Bandwidth":"100","ISP":"BGP"}', defaultAttributes],
    ['{"Bandwidth":"5"}', { ...defaultAttributes, internetMaxBandwidthOut: 5 }],
    ['{"Bandwidth":5}', { ...defaultAttributes, internetMaxBandwidthOut: 5 }],
    ['{"ISP":"CMCC"}', { ...defaultAttributes, internetServiceProvider: 'CMCC' }],
    [
      '{"Bandwidth":"5","InternetMaxBandwidthOut":7,"ISP":"BGP","InternetServiceProvider":"CTCC"}',
      { ...defaultAttributes, internetMaxBandwidthOut: 7, internetServiceProvider: 'CTCC' },
    ],
    [
      '{"InternetChargeType":"BANDWIDTH_PACKAGE","BandwidthPackageId":"bwp-1","Bandwidth":"2000"}',
      {
        ...defaultAttributes,
        internetChargeType: 'BANDWIDTH_PACKAGE',
        bandwidthPackageId: 'bwp-1',
        internetMaxBandwidthOut: 2000,
      },
    ],
    [
      '{"AddressType":"AnycastEIP","AnycastZone":"ANYCAST_ZONE_OVERSEAS","Tags":[{"Key":"a","Value":"b"}]}',
      {
        ...defaultAttributes,
        addressType: 'AnycastEIP',
        anycastZone: 'ANYCAST_ZONE_OVERSEAS',
        tags: [{ key: 'a', value: 'b' }],
      },
    ],
    ['{"SomethingNew":1}', defaultAttributes],
    ['{"ISP":"CTCC"}', { ...defaultAttributes, internetServiceProvider: 'CTCC' }],
    ['{"ISP":"CUCC"}', { ...defaultAttributes, internetServiceProvider: 'CUCC' }],
    ['{"Bandwidth":null,"InternetServiceProvider":"","AddressType":null}', defaultAttributes],
    ['{"InternetMaxBandwidthOut":"42"}', { ...defaultAttributes, internetMaxBandwidthOut: 42 }],
    [
      '{"InternetChargeType":"BANDWIDTH_POSTPAID_BY_HOUR"}',
      { ...defaultAttributes, internetChargeType: 'BANDWIDTH_POSTPAID_BY_HOUR' },
    ],
    [
      '{"ISP":"CMCC","Bandwidth":"300","BandwidthPackageId":"bwp-1","Egress":"center_egress2"}',
      {
        internetServiceProvider: 'CMCC',
        internetChargeType: 'BANDWIDTH_PACKAGE',
        internetMaxBandwidthOut: 300,
        bandwidthPackageId: 'bwp-1',
        egress: 'center_egress2',
      },
    ],
    [
      '{"AddressType":"AntiDDoSEIP","AntiDDoSPackageId":"bgp-1","AddressName":"shop"}',
      {
        ...defaultAttributes,
        addressType: 'AntiDDoSEIP',
        antiDDoSPackageId: 'bgp-1',
        addressName: 'shop',
      },
    ],
    ['{"AddressType":"HighQualityEIP"}', { ...defaultAttributes, addressType: 'HighQualityEIP' }],
  ])('%s', (annotation, value) => {
    expect(parseEipAttributes(annotation)).toEqual({ ok: true, value })
  })

  test.each([
    ['{"Bandwidth":"abc"}', 'has a wrong Bandwidth ("abc"): give whole Mbps from 1 to 100'],
    ['{"Bandwidth":"0"}', 'has a wrong Bandwidth ("0")'],
    ['{"Bandwidth":"101"}', 'from 1 to 100 for TRAFFIC_POSTPAID_BY_HOUR'],
    ['{"Bandwidth":"1.5"}', 'has a wrong Bandwidth'],
    ['{"InternetMaxBandwidthOut":-1}', 'has a wrong InternetMaxBandwidthOut ("-1")'],
    ['{"ISP":"bgp"}', 'has a wrong ISP ("bgp"): use one of BGP, CMCC, CTCC, CUCC'],
    ['{"ISP":7}', 'has a wrong ISP ("7")'],
    ['{"InternetChargeType":"FREE"}', 'has a wrong InternetChargeType ("FREE")'],
    ['{"InternetChargeType":"BANDWIDTH_PREPAID_BY_MONTH"}', 'paid for months ahead'],
    ['{"AddressName":"a b"}', 'has a wrong AddressName ("a b"): has a space'],
    [`{"AddressName":"${'n'.repeat(129)}"}`, '): AddressName may have at most 128 characters.'],
    ['{"Tags":[{"Key":"","Value":"v"}]}', 'has a wrong Tags.0.Key (""): Key may not be empty.'],
    ['{"AnycastZone":"MARS"}', '("MARS"): use one of ANYCAST_ZONE_GLOBAL, ANYCAST_ZONE_OVERSEAS.'],
    ['{"AddressName":"a\\u0007b"}', 'has a wrong AddressName ("a?b"): use letters, digits'],
    ['{"AddressName":"shop;rm"}', 'has a wrong AddressName ("shop;rm"): use letters, digits'],
    ['{"AddressName":"\\ud800"}', 'has a wrong AddressName'],
    ['{"Egress":"a\\u001b[2J"}', 'has a wrong Egress ("a?[2J"): write it as Tencent Cloud shows it'],
    ['{"BandwidthPackageId":"bwp 1"}', 'has a wrong BandwidthPackageId ("bwp 1")'],
    ['{"Tags":[{"Key":"team","Value":"a\\nb"}]}', 'has a wrong Tags.0.Value ("a?b"): use letters'],
    ['{"Tags":[{"Key":"a","Value":""},{"Key":" team","Value":"x"}]}', 'has a wrong Tags.1.Key (" team")'],
    ['{"Tags":[{"Key":"team","Value":"50%"}]}', 'has a wrong Tags.0.Value ("50%")'],
    ['{"AddressType":"WanIP"}', 'has a wrong AddressType ("WanIP")'],
    ['{"AnycastZone":"MARS","AddressType":"AnycastEIP"}', 'has a wrong AnycastZone ("MARS")'],
    ['{"InternetChargeType":"BANDWIDTH_PACKAGE"}', 'without BandwidthPackageId; name the package'],
    [
      '{"InternetChargeType":"TRAFFIC_POSTPAID_BY_HOUR","BandwidthPackageId":"bwp-1"}',
      'has BandwidthPackageId with InternetChargeType TRAFFIC_POSTPAID_BY_HOUR; use BANDWIDTH_PACKAGE',
    ],
    ['{"AddressType":"AntiDDoSEIP"}', 'AntiDDoSEIP without AntiDDoSPackageId'],
    ['{"AntiDDoSPackageId":"bgp-1"}', 'has AntiDDoSPackageId with AddressType EIP'],
    ['{"AnycastZone":"ANYCAST_ZONE_GLOBAL"}', 'has AnycastZone with AddressType EIP; use AnycastEIP'],
    ['{"BandwidthPackageId":"bwp-1","Bandwidth":"2001"}', 'from 1 to 2000 for BANDWIDTH_PACKAGE'],
    ['{"Tags":[{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}]}', 'a key stands there twice'],
    ['{"Tags":[{"Key":"qcs:a","Value":"1"}]}', 'Tencent Cloud keeps that key for itself'],
    [`{"Tags":[{"Key":"${'k'.repeat(128)}","Value":"1"}]}`, '): Key may have at most 127 characters.'],
    [`{"Tags":[{"Key":"k","Value":"${'v'.repeat(256)}"}]}`, '): Value may have at most 255 characters.'],
    [
      JSON.stringify({ Tags: Array.from({ length: 48 }, (_, i) => ({ Key: `k${i}`, Value: '' })) }),
      '): Tags may have at most 47 entries.',
    ],
    ['[1]', 'is not a JSON object'],
    ['null', 'is not a JSON object'],
    ['{"Bandwidth"', 'is not JSON'],
    ['x'.repeat(maxAnnotationLength + 1), 'is longer than 8192 characters'],
  ])('%s is refused in one sentence', (annotation, says) => {
    const parsed = parseEipAttributes(annotation)
    expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining(says) })
    if (!parsed.ok) expect(parsed.message).toMatch(/^annotation eip-attributes [^\n]+\.$/)
  })

  test('a long value is shown in part, and no letter in half', () => {
    const parsed = parseEipAttributes('😀'.repeat(61))
    expect(parsed).toMatchObject({ message: expect.stringContaining(`"${'😀'.repeat(57)}..."`) })
  })

  test('whatever text it is given, it answers with usable attributes or a short, printable sentence', () => {
    const json = fc.json().filter((text) => text.length < maxAnnotationLength)
    const near = fc.record(
      {
        Bandwidth: fc.oneof(fc.string(), fc.integer(), fc.double()),
        ISP: fc.oneof(fc.constantFrom('BGP', 'CMCC', 'x'), fc.string(), fc.anything()),
        __proto__: fc.anything(),
        Tags: fc.anything(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          json,
          near.map((o) => JSON.stringify(o) ?? ''),
        ),
        (annotation) => {
          const parsed = parseEipAttributes(annotation)
          if (parsed.ok) {
            expect(parsed.value.internetMaxBandwidthOut).toBeGreaterThanOrEqual(1)
            expect(parsed.value.internetServiceProvider).not.toBe('')
          } else {
            expect(parsed.message.length).toBeLessThan(400)
            expect(parsed.message).not.toMatch(/\p{Cc}/u)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('the request of a Pod', () => {
  test('is there when one of the two asking annotations is', () => {
    expect(extractPodRequest(undefined, domain)).toBeNull()
    expect(extractPodRequest({ [`${domain}/eip-claim-delete-policy`]: 'Never' }, domain)).toBeNull()
    expect(extractPodRequest({ [`${domain}/eip-attributes`]: '' }, domain)).toEqual({ attributes: '' })
    expect(extractPodRequest({ [`${domain}/eip-id-list`]: 'eip-1' }, domain)).toEqual({ idList: 'eip-1' })
  })

  test('super-node annotations count under the default domain, and the plain ones win', () => {
    const annotations = {
      'eks.tke.cloud.tencent.com/eip-attributes': '{"Bandwidth":"1"}',
      'eks.tke.cloud.tencent.com/eip-claim-delete-policy': 'Never',
    }
    expect(extractPodRequest(annotations, domain)).toEqual({
      attributes: '{"Bandwidth":"1"}',
      deletePolicy: 'Never',
    })
    expect(
      extractPodRequest({ ...annotations, [`${domain}/eip-attributes`]: '{}' }, domain)?.attributes,
    ).toBe('{}')
    expect(extractPodRequest(annotations, 'example.com')).toBeNull()
  })

  test('hostile names do nothing', () => {
    expect(extractPodRequest(JSON.parse('{"__proto__":"x","constructor":"y"}'), domain)).toBeNull()
  })

  test('the same words are the same request', () => {
    expect(samePodRequest({ attributes: '' }, { attributes: '' })).toBe(true)
    expect(samePodRequest({ attributes: '' }, { attributes: '{}' })).toBe(false)
    expect(samePodRequest(null, { attributes: '' })).toBe(false)
  })
})

describe('terms', () => {
  const pod = { name: 'web-0', controllerKind: 'StatefulSet' }

  test.each([
    ['Never', true],
    ['never', false],
    ['', false],
    [undefined, false],
  ])('delete policy %s keeps: %s', (deletePolicy, kept) => {
    const request = { attributes: '', ...(deletePolicy !== undefined && { deletePolicy }) }
    expect(parseClaimTerms(request, pod)).toMatchObject({ ok: true, value: { static: kept, source: 'auto' } })
  })

  test('an expiry of the Pod itself', () => {
    const terms = (claimExpiredDuration: string) =>
      parseClaimTerms({ attributes: '', claimExpiredDuration }, pod)
    expect(terms('1h')).toMatchObject({ ok: true, value: { expiryMs: 3_600_000 } })
    expect(terms('0')).toMatchObject({ ok: true, value: { expiryMs: 0 } })
    expect(terms('4m59s')).toMatchObject({ ok: false, message: expect.stringContaining('at least 5m') })
    expect(terms('soon')).toMatchObject({ ok: false })
    expect(terms(`1h${' '.repeat(98)}`)).toMatchObject({ ok: true, value: { expiryMs: 3_600_000 } })
    expect(terms(`1h${' '.repeat(99)}`)).toMatchObject({ ok: false })
  })
})

describe('eip-id-list', () => {
  const listed = (idList: string, name = 'web-1', controllerKind: string | null = 'StatefulSet') =>
    parseClaimTerms({ idList }, { name, controllerKind })

  test('names EIPs in the order of the Pods', () => {
    const value = { source: 'listed', ids: ['eip-a', 'eip-b'], number: 1, static: false }
    expect(listed(' eip-a, eip-b ,')).toEqual({ ok: true, value })
  })

  test.each([
    ['web-0', 'StatefulSet', 0],
    ['web-12', 'GameServerSet', 12],
    ['web-007', null, 7],
    ['web', null, null],
    ['web1', null, null],
    ['web-1x', null, null],
    ['web-7d9c8-24689', 'ReplicaSet', null],
    ['web-24689', 'DaemonSet', null],
    ['web-24689', 'Job', null],
    ['web-24689', 'CloneSet', null],
    ['web-20261124190531', null, 20_261_124_190_531],
    ['web-12345678901234567890', null, Number.MAX_SAFE_INTEGER],
  ])('Pod %s of a %s has the number %s', (name, kind, number) => {
    expect(listed('eip-a', name, kind)).toMatchObject({ ok: true, value: { number } })
  })

  test.each([
    ['', 'names no EIP'],
    [',', 'names no EIP'],
    ['eip-a,,eip-b', 'names nothing at place 2'],
    [',eip-b', 'names nothing at place 1'],
    ['eip-a,eip-A', '"eip-A", which is no id'],
    ['203.0.113.9', '"203.0.113.9", which is no id'],
    ['eip-a,eip-b,eip-a', 'names eip-a twice'],
    ['eip-a,eip-b,eip-b,eip-a', 'names eip-a twice'],
    [Array.from({ length: 201 }, (_, i) => `eip-${i}`).join(), 'names 201 EIPs'],
    ['x'.repeat(9_000), 'is longer than'],
  ])('%j is refused in one sentence', (text, words) => {
    const parsed = listed(text)
    expect(parsed).toMatchObject({
      ok: false,
      message: expect.stringContaining(`eip-id-list ${words.startsWith('"') ? `has ${words}` : words}`),
    })
    if (!parsed.ok) expect(parsed.message).toMatch(/^annotation eip-id-list [^\n]{1,300}\.$/)
  })

  test('stands alone', () => {
    const both = parseClaimTerms({ idList: 'eip-a', attributes: '' }, { name: 'web-0', controllerKind: null })
    expect(both).toMatchObject({ ok: false, message: expect.stringContaining('remove eip-attributes') })
  })

  test('whatever text it is given, it answers with usable ids or a short, printable sentence', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = listed(text)
        if (!parsed.ok) expect(parsed.message).toMatch(/^[^\p{Cc}]{1,300}\.$/u)
        else if (parsed.value.source === 'listed')
          for (const id of parsed.value.ids) expect(id).toMatch(/^eip-[0-9a-z]+$/)
      }),
    )
  })
})

describe('durations as Go writes them', () => {
  test.each([
    ['1h30m', 5_400_000],
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['500ms', 500],
    ['0', 0],
    ['-5m', -300_000],
    ['', null],
    ['5', null],
    ['5 m', null],
    ['m', null],
  ])('%s', (text, ms) => {
    expect(parseGoDuration(text)).toBe(ms)
  })

  test('are written so that they read back', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (seconds) => {
        expect(parseGoDuration(formatDuration(seconds * 1000))).toBe(seconds * 1000)
      }),
    )
  })
})
