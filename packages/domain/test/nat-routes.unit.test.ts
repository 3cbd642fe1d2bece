import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  describeClaim,
  eventStory,
  formatIpv4Block,
  type NatRoute,
  natRoutes,
  parseIpv4Block,
  type VpcRoute,
} from '../src/index.ts'
import { tellStory } from './story.ts'

const route = (destination: string, gatewayType: string, more: Partial<VpcRoute> = {}): VpcRoute => ({
  ...{ destination, gatewayType, gatewayId: gatewayType === 'NAT' ? 'nat-1' : '0', enabled: true },
  ...more,
})
const destinations = (routes: VpcRoute[]) => natRoutes(routes).map(({ destination }) => destination)

describe('what a NAT gateway takes', () => {
  test.each<[string, VpcRoute[], string[]]>([
    ['nothing without a route to one', [route('10.0.0.0/8', 'CCN'), route('0.0.0.0/0', 'EIP')], []],
    ['everything by a default route', [route('0.0.0.0/0', 'NAT'), route('10.0.0.0/8', 'CCN')], ['0.0.0.0/0']],
    ['nothing while the route is off', [route('0.0.0.0/0', 'NAT', { enabled: false })], []],
    [
      'nothing where the EIP has the same destination',
      [route('0.0.0.0/0', 'NAT'), route('0.0.0.0/0', 'EIP')],
      [],
    ],
    [
      'nothing where narrower routes lead all of it to the EIP',
      [route('0.0.0.0/0', 'NAT'), route('0.0.0.0/1', 'EIP'), route('128.0.0.0/1', 'EIP')],
      [],
    ],
    [
      'the rest where they lead a part of it to the EIP',
      [route('0.0.0.0/0', 'NAT'), route('0.0.0.0/1', 'EIP'), route('128.0.0.0/2', 'EIP')],
      ['0.0.0.0/0'],
    ],
    [
      'a part, where its own route is narrower',
      [route('0.0.0.0/0', 'EIP'), route('203.0.113.0/24', 'NAT')],
      ['203.0.113.0/24'],
    ],
    [
      'nothing by a route that is off',
      [route('0.0.0.0/0', 'NAT'), route('0.0.0.0/0', 'EIP', { enabled: false })],
      ['0.0.0.0/0'],
    ],
    ['nothing of IPv6', [route('::/0', 'NAT')], []],
  ])('%s', (_, routes, taken) => expect(destinations(routes)).toEqual(taken))

  test('is what the narrowest route of each address says', () => {
    const block = fc
      .tuple(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 28, max: 32 }))
      .map(([host, bits]) => formatIpv4Block(parseIpv4Block(`10.0.0.${host}/${bits}`)!))
    const routes = fc.array(
      fc.record({
        destination: block,
        gatewayType: fc.constantFrom('NAT', 'EIP', 'CCN'),
        gatewayId: fc.constant('g'),
        enabled: fc.boolean(),
      }),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(routes, (table) => {
        const on = table
          .filter(({ enabled }) => enabled)
          .map((r) => ({ ...r, block: parseIpv4Block(r.destination)! }))
        const taken = Array.from({ length: 16 }, (_, n) => 0x0a00_0000 + n).filter((ip) => {
          const here = on.filter(({ block: { base, bits } }) => ip >= base && ip < base + 2 ** (32 - bits))
          const bits = Math.max(0, ...here.map((r) => r.block.bits))
          const best = here.filter((r) => r.block.bits === bits)
          return best.length > 0 && best.every(({ gatewayType }) => gatewayType === 'NAT')
        })
        const told = natRoutes(table).map(({ destination }) => parseIpv4Block(destination)!)
        // Whatever is taken is told of, and nothing is told of of which nothing is taken.
        for (const ip of taken) {
          expect(told.some(({ base, bits }) => ip >= base && ip < base + 2 ** (32 - bits))).toBe(true)
        }
        for (const { base, bits } of told) {
          expect(taken.some((ip) => ip >= base && ip < base + 2 ** (32 - bits))).toBe(true)
        }
      }),
    )
  })
})

describe('a claim before whose EIP a NAT gateway comes', () => {
  const key = 'ns/web-0'
  const nat: NatRoute[] = [{ natGatewayId: 'nat-1', destination: '0.0.0.0/0' }]
  function bind() {
    const story = tellStory()
    story.node('n1')
    story.pod(key, 'a', { node: 'n1', privateIp: '10.0.0.5' })
    story.cloudDoes(key)
    story.cloudDoes(key)
    const { address, binding } = story.claimOf(key)
    const see = (natRoutes: NatRoute[], bindingId = binding!.id) =>
      story.happen('EgressSeen', {
        ...{ claim: key, generation: 1, bindingId, addressId: address!.id },
        ...{ subnetId: 'subnet-1', routeTableId: 'rtb-1', natRoutes },
      })
    const conditions = () => describeClaim(story.claimOf(key)).status.conditions
    const egress = () => conditions().find(({ type }) => type === 'EgressThroughEip')
    return { story, binding: binding!, see, conditions, egress }
  }

  test('says so in a condition of its own, is Ready all the same, and tells each turn in an Event', () => {
    const { story, see, conditions, egress } = bind()
    expect(conditions()).toHaveLength(4)
    see(nat)
    expect(egress()).toMatchObject({
      status: 'False',
      reason: 'NatGatewayFirst',
      message: expect.stringMatching(
        /^What the Pod sends to 0\.0\.0\.0\/0 leaves by NAT gateway nat-1 and not by EIP eip-\S+ \(203\.0\.113\.\d+\), because route table rtb-1 .* give the subnet a route table without that route/,
      ),
    })
    expect(conditions().find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'True',
      reason: 'Bound',
    })
    const since = egress()!.lastTransitionTime
    see([...nat, { natGatewayId: 'nat-2', destination: '203.0.113.0/24' }])
    expect(egress()).toMatchObject({ status: 'False', lastTransitionTime: since })
    see([])
    expect(egress()).toMatchObject({ status: 'True', reason: 'NoNatGateway' })
    expect(egress()!.lastTransitionTime > since).toBe(true)
    const told = story.log.map(eventStory).flatMap((one) => (one ? [one.reason] : []))
    expect(told.filter((reason) => /Nat|Source/.test(reason))).toEqual([
      'NatGatewayTakesTraffic',
      'NatGatewayTakesTraffic',
      'EipIsSourceAgain',
    ])
  })

  test('says nothing of it for another binding, nor once nobody looks any more', () => {
    const { story, see, binding, egress } = bind()
    see(nat, 'another')
    expect(egress()).toBeUndefined()
    see(nat)
    story.happen('EgressUnwatched', { claim: key, generation: 1, bindingId: binding.id })
    expect(egress()).toBeUndefined()
    see(nat)
    story.ended(key, 'a')
    story.cloudDoes(key)
    expect(story.claimOf(key).egress).toBeNull()
  })
})
