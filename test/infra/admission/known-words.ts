import { annotationNames } from '@pod-eip/domain'

/** Annotations without their domain. */
export type Words = Record<string, string>
const short = annotationNames('')
const name = (field: 'attributes' | 'idList' | 'claimExpiredDuration') => short[field].slice(1)

/** Annotations with these values. */
export const judged = {
  attributes: (value: unknown): Words => ({
    [name('attributes')]: typeof value === 'string' ? value : JSON.stringify(value),
  }),
  idList: (value: string): Words => ({ [name('idList')]: value }),
  expiry: (value: string, attributes = ''): Words => ({
    [name('attributes')]: attributes,
    [name('claimExpiredDuration')]: value,
  }),
}

/** One of each kind of mistake, and what people would rightly write. */
export const known: { wrong: Words[]; right: Words[] } = {
  wrong: [
    ...['{Bandwidth: 5}', "{'ISP':'BGP'}", '{"ISP":"BGP",}', '[1]', 'null', 'x'.repeat(8193)],
    ...['{"Bandwidth":"abc"}', '{"Bandwidth":0}', '{"Bandwidth":true}', '{"Bandwidth":"101"}'],
    ...['{"ISP":"bgp"}', '{"ISP":7}', '{"InternetChargeType":"BANDWIDTH_PREPAID_BY_MONTH"}'],
    ...['{"AddressType":"WanIP"}', '{"AnycastZone":"MARS"}', '{"AddressName":"a b"}', '{"Egress":5}'],
    ...['{"InternetChargeType":"BANDWIDTH_PACKAGE"}', '{"AddressType":"AntiDDoSEIP"}'],
    ...['{"AntiDDoSPackageId":"bgp-1"}', '{"AnycastZone":"ANYCAST_ZONE_GLOBAL"}', '{"Tags":"team"}'],
    '{"InternetChargeType":"TRAFFIC_POSTPAID_BY_HOUR","BandwidthPackageId":"bwp-1"}',
    '{"BandwidthPackageId":"bwp-1","Bandwidth":"2001"}',
    ...['{"Tags":{"a":"b"}}', '{"Tags": {"team": "games", "on": true, "n": 5}, "ISP": "BGP"}', '{"Tags":{}}'],
    '{"Tags":[{"Key":"qcs:a","Value":"1"}]}',
    '{"Tags":[{"Key":"a","Value":"1"},{"Value":"2","Key":"a"}]}',
    { Tags: Array.from({ length: 48 }, (_, i) => ({ Key: `k${i}`, Value: '' })) },
    {
      Tags: [
        { Key: 'k', Value: '' },
        { Key: 'k'.repeat(128), Value: '1' },
      ],
    },
    { Tags: [{ Key: 'k', Value: 'v'.repeat(256) }] },
  ]
    .map(judged.attributes)
    .concat(['', ',', 'eip-a,,eip-b', 'eip-A', '203.0.113.9', 'eip-a,eip-b,eip-a'].map(judged.idList))
    .concat(judged.idList(Array.from({ length: 201 }, (_, i) => `eip-${i}`).join()))
    .concat(['4m', 'soon', '5', '-5m', '1d', '.5ns', '-.5ns'].map((expiry) => judged.expiry(expiry)))
    .concat({ ...judged.attributes(''), ...judged.idList('eip-a') }, judged.expiry('4m', '{"ISP":"CMCC"}')),
  right: [
    ...['', '  ', '{}', '{"Bandwidth":"","ISP":null}', '{"Bandwidth":5}', '{"Bandwidth":" 7 "}'],
    ...['{"Bandwidth":1e2}', '{"ISP":"\\u0042GP"}', '{"Later":[[[[1]]]],"Bandwith":"x"}'],
    '{"Bandwidth":"5","InternetMaxBandwidthOut":7,"ISP":"x","InternetServiceProvider":"CTCC"}',
    '{"BandwidthPackageId":"bwp-1","Bandwidth":"2000"}',
    '{"AddressType":"AnycastEIP","AnycastZone":"ANYCAST_ZONE_OVERSEAS","Tags":[{"Key":"a","Value":"b"}]}',
    { Tags: Array.from({ length: 47 }, (_, i) => ({ Value: '', Key: `k${i}` })) },
  ]
    .map(judged.attributes)
    .concat([' eip-a, eip-b ,', 'eip-0a1b2c3d'].map(judged.idList))
    .concat(['', '0', '-0s', '0.0h', '5m', '1.5h', '2562047h'].map((expiry) => judged.expiry(expiry))),
}
