import { describe, expect, test } from 'vitest'
import {
  type DomainEvent,
  type EventData,
  type EventType,
  emptyClaim,
  isNews,
  newEvent,
  schemaVersions,
  storySentence,
} from '../src/index.ts'

const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 's' }
const about = { claim: 'ns/web-0', generation: 1 }
const eip = { addressId: 'eip-1', publicIp: '203.0.113.1' }
const outcome = { ...about, intentId: 'i' }
const word = { code: 'ResourceInsufficient', message: 'sold out', requestId: 'r-1' }
const where = { podUid: 'uid-a', node: 'n1', privateIp: '10.0.0.1' }
const attributes = {
  internetServiceProvider: 'BGP',
  internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
  internetMaxBandwidthOut: 100,
} as const
const pod: EventData['PodObserved'] = {
  ...where,
  claim: 'ns/web-0',
  resourceVersion: '5',
  request: { attributes: '{}' },
  hostNetwork: false,
  controller: null,
  owner,
  terminating: false,
  createdAt: '2026-01-01T00:00:00Z',
}
const delayed = {
  ...word,
  action: 'allocate',
  retryAt: '2026-01-01T00:01:00.000Z',
  retryEveryMs: 600_000,
} as const
const at = '2026-01-01T00:00:00.000Z'

/** One of each type; a new type does not compile without one. */
const examples: { [T in EventType]: [EventData[T], RegExp] } = {
  PodObserved: [pod, /^Pod uid-a asked for an EIP: eip-attributes '\{\}'\.$/],
  PodFoundAgain: [{ ...pod, missedVersion: '4' }, /^Pod uid-a was seen again, so it had not ended\.$/],
  PodEnded: [{ claim: 'ns/web-0', podUid: 'uid-a', reason: 'Evicted' }, /it was evicted/],
  NodeObserved: [
    { node: 'n1', nodeUid: 'u', resourceVersion: '1', instanceId: 'ins-1', cpu: 8, internalIp: null },
    /^Node n1 was seen with 8 CPUs, which is 2 EIP slots\.$/,
  ],
  NodeRemoved: [{ node: 'n1', nodeUid: 'u' }, /^Node n1 was removed/],
  ClusterNamed: [{ clusterId: 'cls-1' }, /tag of cluster id cls-1\.$/],
  ClusterIdentified: [{ clusterUid: 'c' }, /cluster c/],
  SurveyRequested: [
    { survey: 's', by: 'alice', goneConfirmed: true },
    /asked for by alice, who confirmed .* is gone\.$/,
  ],
  SurveyCompleted: [
    { survey: 's', claims: 2, addresses: 3, drifted: 0, orphans: 1, leftAlone: 0 },
    /3 EIPs and 2 claims .*in nobody's hands: 1, left alone: 0\.$/,
  ],
  OwnerChanged: [
    { claim: 'ns/web-0', podUid: 'uid-a', formerUid: null, owner },
    /belongs to StatefulSet web now/,
  ],
  OwnerEnded: [
    { owner, namespace: 'ns', reason: 'Orphaning' },
    /^StatefulSet web, .*the EIP stays as well\.$/,
  ],
  EipClaimDeletionRequested: [
    { claim: 'ns/web-0', objectUid: 'o', namespaceTerminating: false, collectedWith: 's' },
    /^Kubernetes deletes the EIPClaim together with the workload/,
  ],
  ClaimExpiryDue: [{ ...about, until: at }, /over at 2026-01-01T00:00:00\.000Z/],
  AddressStandingSeen: [
    { ...about, addressId: 'eip-1', standing: 'Blocked' },
    /eip-1 cannot be used because/,
  ],
  EgressSeen: [
    {
      ...{ ...about, bindingId: 'b', addressId: 'eip-1', subnetId: 'subnet-1', routeTableId: 'rtb-1' },
      natRoutes: [{ natGatewayId: 'nat-1', destination: '0.0.0.0/0' }],
    },
    /^What the Pod sends to 0\.0\.0\.0\/0 leaves by NAT gateway nat-1 and not by EIP eip-1, because route table rtb-1/,
  ],
  EgressUnwatched: [{ ...about, bindingId: 'b' }, /^From here on nobody looks/],
  AddressDrifted: [
    {
      ...{ ...about, addressId: 'eip-1', publicIp: '1.2.3.4', source: 'auto' },
      binding: { id: 'b', node: 'n1', privateIp: '10.0.0.5', podUid: 'uid-a' },
      drift: { kind: 'Unbound' },
    },
    /^Somebody unbound EIP eip-1 \(1\.2\.3\.4\) from 10\.0\.0\.5 on node n1 in the cloud; it is bound there again\.$/,
  ],
  OrphanFound: [
    { ...about, addressId: 'eip-2', publicIp: '1.2.3.5', allocationId: 'a-1', seenSince: at },
    /^EIP eip-2 .* allocation a-1 brought, is in nobody's hands since 2026.*; it is released\.$/,
  ],
  NodeAddressesCounted: [
    { node: 'n1', instanceId: 'ins-1', foreign: [{ addressId: 'eip-9', privateIp: null }] },
    /EIPs of others on node n1: eip-9/,
  ],
  GuardClosed: [
    { guard: 'absence', count: 12, livePods: 20, from: at, windowMs: 600_000 },
    /^The guard absence closed: 12 Pods were missing from complete lists within 10m\.$/,
  ],
  GuardConfirmed: [{ guard: 'absence', upTo: 9, by: 'Ann' }, /^Ann confirmed what the guard absence held\.$/],
  TeardownOrdered: [{ cluster: 'cls-1', by: 'Ann' }, /^Ann ordered that all EIPs of cluster cls-1 go back/],
  TeardownCancelled: [{ cluster: 'cls-1', by: 'Ann' }, /took the order to tear down cluster cls-1 back/],
  ClaimRecovered: [
    {
      ...about,
      address: { source: 'auto', id: 'eip-9', publicIp: '203.0.113.9', allocationId: 'a-9' },
      binding: null,
      pod: null,
      terms: null,
      proof: 'EIPClaim',
      former: { goneAddressId: '', binding: null, intentId: '', awaitedNode: '', listings: [] },
      by: 'Ann',
    },
    /^The log had gone back .*; Ann recovered the claim: EIP eip-9 \(203\.0\.113\.9\) is its own and is bound to nothing, by its EIPClaim\.$/,
  ],
  LogRecovered: [{ recovery: 'r-1', claims: 3, by: 'Ann' }, /^Ann brought the log.*: 3\.$/],
  GuardDenied: [{ guard: 'absence', upTo: 9, by: 'Ann' }, /^Ann said .* that the Pods live\.$/],
  ReclaimHeld: [
    { ...about, guard: 'absence', podUid: 'uid-a', count: 12, windowMs: 600_000 },
    /eipctl guard confirm absence/,
  ],
  HoldEnded: [{ ...about, guard: 'absence', outcome: 'Confirmed', by: 'Ann' }, /^Ann confirmed/],
  ClaimOpened: [{ ...about, podUid: 'uid-a' }, /^The claim was opened\.$/],
  RequestAccepted: [
    { ...about, podUid: 'uid-a', terms: { source: 'auto', static: true, attributes } },
    /^The request was understood: .* that outlives the Pod\.$/,
  ],
  RequestWarned: [
    { ...about, podUid: 'uid-a', reason: 'UnknownAttribute', message: 'it is odd.' },
    /^It is odd\.$/,
  ],
  WarningCleared: [{ ...about, podUid: 'uid-a', reason: 'UnknownAttribute' }, /was put right/],
  RequestRefused: [
    { ...about, podUid: 'uid-a', reason: 'Invalid', message: 'it is wrong.' },
    /^The request was refused, .*: it is wrong\.$/,
  ],
  AllocationDecided: [
    { ...outcome, allocationId: 'i', podUid: 'uid-a', attributes },
    /^An EIP of 100 Mbit\/s from BGP was ordered .* in one call with 2 other claims/,
  ],
  LookupDecided: [
    { ...outcome, podUid: 'uid-a', addressIds: ['eip-1', 'eip-2'], awaited: [], patient: true },
    /asked about eip-1, eip-2 of the Pod's list, again and again until one of them can be had/,
  ],
  ListedAddressAwaited: [
    {
      ...about,
      podUid: 'uid-a',
      addressIds: ['eip-1'],
      reason: 'ListedAddressTaken',
      message: 'taken by ns/b.',
    },
    /^Taken by ns\/b\.$/,
  ],
  ListedAddressForgone: [{ ...about, addressIds: ['eip-1'] }, /left the queue for eip-1/],
  ListedAddressChosen: [
    { ...about, ...eip, podUid: 'uid-a', number: 0, refused: [] },
    /^Took EIP eip-1 .*entry 1/,
  ],
  BindingDecided: [
    { ...outcome, ...eip, ...where, source: 'auto', instanceId: 'ins-1' },
    /^EIP eip-1 was to be bound to 10\.0\.0\.1 on node n1\.$/,
  ],
  SlotAwaited: [
    { ...about, podUid: 'uid-a', node: 'n1', reason: 'NodeUnknown', slots: null, news: true },
    /^Node n1 has not been seen with a CPU count yet/,
  ],
  SlotForgone: [{ ...about, node: 'n1' }, /left the queue for an EIP slot of node n1/],
  UnbindingDecided: [
    {
      ...{ ...outcome, ...eip, ...where },
      ...{
        bindingId: 'b',
        source: 'auto',
        networkInterfaceId: 'eni-1',
        boundAt: at,
        cause: 'PodAddressChanged',
      },
    },
    /was to be unbound because the Pod's address has changed/,
  ],
  CancellationDecided: [
    { ...outcome, cause: 'AnotherFree' },
    /called off because another EIP of its list is free/,
  ],
  ClaimRetained: [{ ...about, ...eip, source: 'auto', until: at }, /^Kept EIP eip-1 .* until 2026/],
  RetentionRescheduled: [{ ...about, until: null }, /^Kept without an end/],
  ClaimResumed: [{ ...about, ...eip, podUid: 'uid-b' }, /^Took EIP eip-1 .* back/],
  ReleaseDecided: [
    {
      ...outcome,
      ...eip,
      allocationId: 'a',
      lastPrivateIp: '',
      lastNetworkInterfaceId: '',
      cause: 'Expired',
    },
    /^EIP eip-1 .* was to be released because it was kept for as long as it should be\.$/,
  ],
  ListedAddressGivenBack: [
    { ...about, ...eip, cause: 'PodEnded' },
    /^Gave EIP eip-1 .* back, which stays yours/,
  ],
  ClaimClosed: [
    { ...about, cause: 'ManualReclaim', objectUid: null },
    /closed because its EIPClaim was deleted/,
  ],
  ReclaimDeclined: [{ ...about, objectUid: 'o', reason: 'PodAlive' }, /the EIPClaim comes back/],
  AllocationCompleted: [
    {
      ...outcome,
      allocationId: 'i',
      addresses: [eip, { addressId: 'eip-2', publicIp: '' }],
      requestId: 'r-1',
    },
    /allocated EIP eip-1 \(203\.0\.113\.1\); beyond what was ordered came EIP eip-2, .*RequestId r-1\.$/,
  ],
  AllocationFailed: [{ ...outcome, ...word }, /^No EIP could be allocated because .*RequestId r-1/],
  AllocationSplit: [
    { ...outcome, ...word, allocationId: 'i', members: 3 },
    /for 3 claims at once .*RequestId r-1.*anew/,
  ],
  AllocationAbandoned: [outcome, /^Nothing came of the allocation/],
  LookupCompleted: [
    { ...outcome, free: [], inUse: ['eip-2'], refused: [{ addressId: 'eip-3', reason: 'Unknown' }] },
    /eip-2 is bound to something that is not ours; annotation eip-id-list names eip-3/,
  ],
  LookupFailed: [{ ...outcome, ...word }, /could be looked up because/],
  LookupAbandoned: [outcome, /^Nothing came of the look-up/],
  AddressBound: [
    { ...outcome, ...eip, ...where, networkInterfaceId: 'eni-1', requestId: '' },
    /found on network interface eni-1 of node n1, as Tencent Cloud shows it since no answer came\.$/,
  ],
  BindingFailed: [
    { ...outcome, ...word, code: 'ListedAddressNotFree', addressId: 'eip-1', node: 'n1' },
    /^EIP eip-1 was not free any more/,
  ],
  BindingAbandoned: [{ ...outcome, addressId: 'eip-1', node: 'n1' }, /^Nothing came of the binding/],
  AddressUnbound: [
    { ...outcome, addressId: 'eip-1', bindingId: 'b', node: 'n1', requestId: 'r-1' },
    /^Unbound EIP eip-1 on node n1, RequestId r-1\.$/,
  ],
  AddressReleased: [
    { ...outcome, addressId: 'eip-1', requestId: 'r-1' },
    /^Released EIP eip-1, RequestId r-1\.$/,
  ],
  CloudCallDelayed: [
    { ...outcome, ...delayed, tries: 3, since: at, news: false },
    /^It still could not be done because .*RequestId r-1.*tried 3 times from 2026/,
  ],
}

function eventOf<T extends EventType>(type: T, data: EventData[T]): DomainEvent {
  return { ...newEvent(type, data), position: 9, occurredAt: at, correlationId: '' } as DomainEvent
}

describe('the sentence of', () => {
  test.each(Object.keys(schemaVersions) as EventType[])('%s', (type) => {
    const [data, expected] = examples[type]
    const sentence = storySentence(eventOf(type, data), { before: emptyClaim('ns/web-0'), company: 2 })
    expect(sentence).toMatch(expected)
    expect(sentence).toMatch(/^[A-Z][^\n]*\.$/)
    expect(sentence).not.toMatch(/undefined|null|\[object/)
  })
})

test('a Pod that is seen again unchanged is no news', () => {
  const request = { attributes: '{}' }
  const seen = { ...emptyClaim('ns/web-0').pod, ...pod, uid: 'uid-a', ended: null, correlationId: '' }
  const before = { ...emptyClaim('ns/web-0'), pod: { ...seen, request } }
  const again = eventOf('PodObserved', { ...pod, resourceVersion: '6' })
  expect(isNews(again, before)).toBe(false)
  expect(isNews(eventOf('PodObserved', { ...pod, resourceVersion: '6', node: 'n2' }), before)).toBe(true)
})
