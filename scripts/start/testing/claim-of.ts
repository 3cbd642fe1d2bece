import { type Claim, noSearch } from '@pod-eip/domain'

/** A static claim whose EIP is bound to its Pod. */
export function claimOf(key: string): Claim {
  const name = key.split('/')[1]!
  const podUid = '0a1b2c3d-0000-4000-8000-000000000000'
  const at = '2026-01-31T12:00:00.500Z'
  return {
    key,
    phase: 'Bound',
    generation: 1,
    pod: {
      uid: podUid,
      resourceVersion: '1',
      request: null,
      hostNetwork: false,
      node: '10.0.0.4',
      privateIp: '10.1.0.3',
      controller: null,
      terminating: false,
      ended: null,
      correlationId: '',
    },
    terms: { source: 'auto', static: true, attributes: null } as unknown as Claim['terms'],
    judged: null,
    warned: null,
    slotHolders: null,
    problem: null,
    surplus: [],
    allocateAtMost: null,
    address: { source: 'auto', id: `eip-${name}`, publicIp: '198.18.0.1', allocationId: 'allocation' },
    search: noSearch,
    standing: 'Good',
    takenTo: null,
    egress: null,
    binding: {
      id: 'binding',
      podUid,
      node: '10.0.0.4',
      privateIp: '10.1.0.3',
      networkInterfaceId: 'eni-1',
      boundAt: at,
    },
    lastNetworkInterfaceId: '',
    lastPrivateIp: '10.1.0.3',
    intent: null,
    retained: null,
    awaitingSlotOn: null,
    deletion: null,
    answeredDeletion: null,
    owner: null,
    unnamedOwner: null,
    reclaim: null,
    hold: null,
    conditions: {
      Accepted: { status: true, since: at },
      Allocated: { status: true, since: at },
      Bound: { status: true, since: at },
    },
    openedAt: at,
    phaseSince: at,
    position: 1,
  }
}
