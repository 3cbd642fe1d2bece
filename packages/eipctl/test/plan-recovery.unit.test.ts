import type { CloudAddress } from '@pod-eip/cloud'
import { type Claim, emptyClaim, type Intent } from '@pod-eip/domain'
import { expect, test } from 'vitest'
import { planRecovery } from '../src/recover/plan-recovery.ts'
import type { Seen, SeenObject, SeenPod } from '../src/recover/seen.ts'
import { planTable } from '../src/recover/words.ts'

const now = '2026-01-01T00:00:00.000Z'

function address(addressId: string, boundTo: string | null = null, eni = 'eni-1'): CloudAddress {
  return {
    ...{ addressId, addressName: '', addressIp: `203.0.113.${addressId.slice(4)}` },
    status: boundTo === null ? 'UNBIND' : 'BIND_ENI',
    instanceId: boundTo === null ? null : 'ins-1',
    networkInterfaceId: boundTo === null ? null : eni,
    privateIpAddress: boundTo,
    ...{ isArrears: false, isBlocked: false, addressType: 'EIP', internetServiceProvider: 'BGP' },
    ...{ bandwidth: 100, internetChargeType: null, createdTime: now, tags: [] },
  }
}

const pod = (claim: string, privateIp: string, more: Partial<SeenPod> = {}): SeenPod => ({
  ...{
    claim,
    uid: `uid-${claim}`,
    node: 'n1',
    privateIp,
    asks: true,
    eipId: '',
    hostNetwork: false,
    ...more,
  },
})
const object = (claim: string, eipId: string, more: Partial<SeenObject> = {}): SeenObject => ({
  ...{ claim, generation: 1, eipId, publicIp: '', podUid: '', privateIp: '', node: '', boundAt: '' },
  ...{ terms: null, ...more },
})
const bound = (key: string, eip: string, privateIp: string, more: Partial<Claim> = {}): Claim => ({
  ...emptyClaim(key),
  ...{ phase: 'Bound', generation: 1 },
  address: { source: 'auto', id: eip, publicIp: '', allocationId: `a-${eip}` },
  binding: {
    ...{ id: `b-${key}`, podUid: `uid-${key}`, node: 'n1', privateIp },
    ...{ networkInterfaceId: 'eni-1', boundAt: now },
  },
  ...more,
})

interface World {
  shown?: CloudAddress[]
  /** EIPs of the user's among them. */
  mine?: string[]
  objects?: SeenObject[]
  pods?: SeenPod[]
  claims?: Claim[]
  allocations?: Record<string, string[]>
}

function plan({ shown = [], mine = [], objects = [], pods = [], claims = [], allocations = {} }: World) {
  const by = <T>(items: T[], key: (item: T) => string) => new Map(items.map((item) => [key(item), item]))
  const members = (names: string[]) => names.map((claim) => ({ claim, podUid: `uid-${claim}` }))
  const seen: Seen = {
    shown: by(shown, ({ addressId }) => addressId),
    ours: new Map(
      shown.filter(({ addressId: id }) => !mine.includes(id)).map(({ addressId: id }) => [id, `a-${id}`]),
    ),
    objects: by(objects, ({ claim }) => claim),
    pods: by(pods, ({ claim }) => claim),
    claims: by(claims, ({ key }) => key),
    nodes: [],
    allocations: new Map(
      Object.entries(allocations).map(([id, names]) => [
        id,
        { claim: names[0], members: members(names) } as Intent,
      ]),
    ),
  }
  let ids = 0
  return planRecovery(seen, { nextId: () => `new-${++ids}`, now })
}

test('a log that agrees with cloud and cluster is told nothing', () => {
  const world = { shown: [address('eip-1', '10.0.0.1')], claims: [bound('d/a', 'eip-1', '10.0.0.1')] }
  expect(plan({ ...world, pods: [pod('d/a', '10.0.0.1')], objects: [object('d/a', 'eip-1')] })).toEqual({
    ...{ claims: [], strays: [], left: [] },
  })
})

test.each<[string, number, World]>([
  ['the EIPClaim names it, too', 4, { objects: [object('d/a', 'eip-1', { generation: 4 })] }],
  ['the Pod names it, too', 1, { pods: [pod('d/a', '10.0.0.1', { eipId: 'eip-1' })] }],
  ['nothing else names it', 1, {}],
])(
  'an EIP that the log does not know is that of the Pod at whose address it is: %s',
  (_, generation, world) => {
    const { claims } = plan({
      ...{ shown: [address('eip-1', '10.0.0.1')], pods: [pod('d/a', '10.0.0.1')], ...world },
    })
    expect(claims).toMatchObject([
      {
        ...{ claim: 'd/a', proof: 'Binding', generation },
        address: { source: 'auto', id: 'eip-1', allocationId: 'a-eip-1' },
        binding: {
          id: 'new-1',
          podUid: 'uid-d/a',
          node: 'n1',
          privateIp: '10.0.0.1',
          networkInterfaceId: 'eni-1',
        },
        pod: { uid: 'uid-d/a' },
      },
    ])
  },
)

test('what an allocation brought goes to its members whose Pods live and have nothing', () => {
  const { claims, strays } = plan({
    shown: [address('eip-1'), address('eip-2')],
    pods: [pod('d/b', '10.0.0.2')],
    allocations: { 'a-eip-1': ['d/a', 'd/b'], 'a-eip-2': ['d/a'] },
  })
  expect(claims).toMatchObject([
    { claim: 'd/b', proof: 'Allocation', address: { id: 'eip-1' }, binding: null },
  ])
  expect(strays).toMatchObject([{ addressId: 'eip-2', claim: 'd/a' }])
})

test('of two EIPs of one claim it has the one that is bound to its Pod; the other goes back', () => {
  const { claims, strays } = plan({
    shown: [address('eip-1'), address('eip-2', '10.0.0.1')],
    pods: [pod('d/a', '10.0.0.1')],
    objects: [object('d/a', 'eip-1')],
  })
  expect(claims).toMatchObject([{ claim: 'd/a', address: { id: 'eip-2' } }])
  expect(strays).toMatchObject([{ addressId: 'eip-1', claim: 'kube-system/eip-1' }])
})

test('an EIP that was released since is released for the log, too, and its claim waits for no call', () => {
  const intent = { id: 'i-1', action: 'disassociate' as const, cancelled: false }
  const { claims } = plan({ claims: [bound('d/a', 'eip-1', '10.0.0.1', { intent })] })
  expect(claims).toMatchObject([
    {
      ...{ claim: 'd/a', address: null, binding: null, pod: null, proof: 'Gone' },
      former: { goneAddressId: 'eip-1', binding: { id: 'b-d/a', node: 'n1' }, intentId: 'i-1' },
    },
  ])
})

test('a later generation by the EIPClaim counts, and never an earlier one', () => {
  const world = { shown: [address('eip-2', '10.0.0.1')], pods: [pod('d/a', '10.0.0.1')] }
  const generation = (of: number) =>
    plan({
      ...world,
      claims: [bound('d/a', 'eip-1', '10.0.0.1')],
      objects: [object('d/a', 'eip-2', { generation: of })],
    }).claims[0]!.generation
  expect(generation(7)).toBe(7)
  expect(plan({ ...world, claims: [bound('d/a', 'eip-1', '10.0.0.1')] }).claims[0]!.generation).toBe(2)
})

test("one of the user's goes from the claim that let go of it to the one that has it, in this order", () => {
  const listed = { source: 'listed', id: 'eip-1', publicIp: '' } as const
  const terms = { source: 'listed' as const, static: false, ids: ['eip-1'], number: null }
  const { claims } = plan({
    ...{ shown: [address('eip-1', '10.0.0.2')], mine: ['eip-1'] },
    ...{ claims: [bound('d/b', 'eip-1', '10.0.0.1', { address: listed })], pods: [pod('d/a', '10.0.0.2')] },
    objects: [object('d/a', 'eip-1', { terms })],
  })
  expect(claims.map(({ claim, address }) => [claim, address?.source ?? null])).toEqual([
    ['d/b', null],
    ['d/a', 'listed'],
  ])
})

test("one of the user's that two EIPClaims name is the one's whose Pod has it, and not also the one's who has given it up", () => {
  const listed = { source: 'listed', id: 'eip-1', publicIp: '' } as const
  const terms = { source: 'listed' as const, static: false, ids: ['eip-1'], number: null }
  const before = bound('d/b', 'eip-1', '10.0.0.1', { address: listed, binding: null, phase: 'Allocated' })
  const objects = [object('d/a', 'eip-1', { terms }), object('d/b', 'eip-1', { terms })]
  for (const inOrder of [objects, objects.toReversed()]) {
    const { claims } = plan({
      ...{ shown: [address('eip-1', '10.0.0.2')], mine: ['eip-1'], objects: inOrder },
      ...{ claims: [before], pods: [pod('d/a', '10.0.0.2'), pod('d/b', '10.0.0.3')] },
    })
    expect(claims.map(({ claim, address }) => [claim, address?.id ?? null])).toEqual([
      ['d/b', null],
      ['d/a', 'eip-1'],
    ])
  }
})

test('an EIPClaim of a later generation without an EIP has the log get past it, or it would never be written again', () => {
  const { claims } = plan({ objects: [object('d/a', '', { generation: 2 })] })
  expect(claims).toMatchObject([{ claim: 'd/a', generation: 2, address: null }])
})

test('one that is bound where no Pod of ours is known stays there, and is named', () => {
  const { left, claims, strays } = plan({ shown: [address('eip-1', '10.0.0.9')] })
  expect({ claims, strays }).toEqual({ claims: [], strays: [] })
  expect(left).toMatchObject([{ addressId: 'eip-1', boundTo: '10.0.0.9, eni-1, ins-1' }])
})

test('a private address that several Pods show proves nothing', () => {
  const pods = [pod('d/a', '10.0.0.1'), pod('d/b', '10.0.0.1')]
  expect(plan({ shown: [address('eip-1', '10.0.0.1')], pods }).left).toHaveLength(1)
})

test('one that is kept without a Pod is kept', () => {
  const terms = { source: 'auto' as const, static: true, attributes: {} as never }
  const { claims } = plan({ shown: [address('eip-1')], objects: [object('d/a', 'eip-1', { terms })] })
  expect(claims).toMatchObject([{ claim: 'd/a', pod: null, binding: null, terms: { static: true } }])
})

test('that a Pod is not in the list is for the watcher and its guard to say', () => {
  const there = { podUid: 'uid-x', privateIp: '10.0.0.1', node: 'n7' }
  const { claims } = plan({ shown: [address('eip-1', '10.0.0.1')], objects: [object('d/a', 'eip-1', there)] })
  expect(claims).toMatchObject([
    { binding: { podUid: 'uid-x', node: 'n7' }, pod: { uid: 'uid-x', node: 'n7', privateIp: '10.0.0.1' } },
  ])
})

test('an EIPClaim that nothing stands behind becomes that of a claim that is over; what may be true stays', () => {
  const { claims } = plan({
    shown: [address('eip-1'), address('eip-2', '10.0.0.1'), address('eip-3'), address('eip-9')],
    mine: ['eip-9'],
    objects: [
      object('d/gone', 'eip-0', { generation: 3 }),
      object('d/has', 'eip-1'),
      object('d/known', 'eip-0'),
      object('evil/e', 'eip-2'),
      object('d/one', 'eip-3'),
      object('d/two', 'eip-3'),
      object('d/foreign', 'eip-9'),
    ],
    pods: [pod('d/a', '10.0.0.1', { eipId: 'eip-2' })],
    claims: [{ ...emptyClaim('d/known'), generation: 1 }],
  })
  const told = claims.map(({ claim, generation, address }) => [claim, generation, address?.id ?? null])
  expect(told).toEqual([
    ['d/gone', 3, null],
    ['evil/e', 1, null],
    ['d/a', 1, 'eip-2'],
    ['d/has', 1, 'eip-1'],
  ])
})

test('what the plan says of such a claim names the EIP that its EIPClaim shows', () => {
  const objects = new Map([['d/gone', object('d/gone', 'eip-0')]])
  const table = planTable(plan({ objects: [...objects.values()] }), { claims: new Map(), objects })
  expect(table).toMatch(/^d\/gone +eip-0 +- +nothing of it +over; its EIPClaim goes +Gone$/m)
})
