import type { Claim } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'
import type { KubeObject } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { annotation } from '../../e2e/harness/manifests.ts'
import { type AtRest, type LedgerEntry, violations } from './violations.ts'

const entry = (event: LedgerEntry['event'], addressId: string, privateIp?: string) =>
  ({
    ...{ event, addressId },
    binding: privateIp
      ? { networkInterfaceId: 'eni-1', privateIpAddress: privateIp, byInstance: false }
      : null,
  }) as LedgerEntry
const completed = (claim: string, generation: number, addressId: string) =>
  ({
    type: 'AllocationCompleted',
    data: { claim, generation, addresses: [{ addressId }] },
  }) as unknown as RecordedEvent

/** One Pod with its EIP. */
function whole(): AtRest {
  const metadata = {
    name: 'web',
    namespace: 'default',
    uid: 'u1',
    annotations: { [annotation.eipId]: 'eip-1' },
  }
  return {
    pods: [{ metadata, status: { podIP: '10.1.0.1' } } as unknown as KubeObject],
    eipClaims: [{ metadata, status: { phase: 'Bound', eipId: 'eip-1' } } as unknown as KubeObject],
    claims: [
      {
        key: 'default/web',
        phase: 'Bound',
        address: { id: 'eip-1' },
        binding: { podUid: 'u1' },
        intent: null,
      } as unknown as Claim,
    ],
    events: [completed('default/web', 1, 'eip-1')],
    addresses: [
      { addressId: 'eip-1', binding: { privateIpAddress: '10.1.0.1' } },
      { addressId: 'eip-mine', binding: null },
    ] as AtRest['addresses'],
    ledger: [entry('allocated', 'eip-1'), entry('bind-started', 'eip-1', '10.1.0.1')],
    listed: ['eip-mine'],
  }
}

test('nothing is wrong where each Pod has its EIP', () => {
  expect(violations(whole())).toEqual([])
})

test.each<[string, (world: AtRest) => void, string]>([
  ['an EIP too many', ({ addresses }) => addresses.push({ ...addresses[0]!, addressId: 'eip-2' }), 'leak'],
  ['an order that the log does not know', ({ ledger }) => ledger.push(entry('allocated', 'eip-2')), 'leak'],
  ['an EIP that is gone', ({ addresses }) => addresses.shift(), 'lost'],
  ["an EIP of the user's that is gone", ({ addresses }) => addresses.pop(), 'lost'],
  ['an EIP at another Pod', ({ pods }) => Object.assign(pods[0]!.status!, { podIP: '10.1.0.2' }), 'lost'],
  [
    'a Pod of the same name without one',
    ({ claims }) => Object.assign(claims[0]!.binding!, { podUid: 'u2' }),
    'lost',
  ],
  [
    'two EIPs for one generation',
    ({ events }) => events.push(completed('default/web', 1, 'eip-2')),
    'double',
  ],
  ['one EIP for two', ({ events }) => events.push(completed('default/api', 1, 'eip-1')), 'double'],
  ['one EIP bound twice', ({ ledger }) => ledger.push(entry('bind-started', 'eip-1', '10.1.0.2')), 'double'],
  [
    'two EIPs at one place',
    ({ ledger }) => ledger.push(entry('bind-started', 'eip-2', '10.1.0.1')),
    'double',
  ],
  ['an object without a claim', ({ claims }) => claims.pop(), 'not at rest'],
  [
    'a Pod that says another',
    ({ pods }) => Object.assign(pods[0]!.metadata, { annotations: {} }),
    'not at rest',
  ],
])('%s is seen', (_, harm, rule) => {
  const world = whole()
  harm(world)
  expect(violations(world).map((violation) => violation.rule)).toContain(rule)
})
