import type { CloudAddress } from '@pod-eip/cloud'
import { type Claim, emptyClaim, type Intent } from '@pod-eip/domain'
import { describe, expect, test } from 'vitest'
import { planRecovery } from '../src/recover/plan-recovery.ts'
import type { Seen, SeenObject, SeenPod } from '../src/recover/seen.ts'

const now = '2026-01-01T00:00:00.000Z'
const at = '10.0.0.1'

/** `eip-1`, bound at `at` unless it says otherwise; what names it comes by the name of a claim. */
interface Evidence {
  unbound?: boolean
  /** The claim that the log has it with. */
  log?: string
  /** The claim of which the log has it as one too many. */
  surplus?: string
  /** Claims whose EIPClaims name it. */
  objects?: string[]
  /** Claims whose Pods live, ask, and are annotated with it. */
  annotated?: string[]
  /** The claim whose Pod lives at `at`. */
  there?: string
  /** Those that the log knows its allocation to have been for. */
  allocatedFor?: string[]
}

/** Whose eip-1 is by the plan: `claim by proof`, several where several get it, and who is left to be looked at. */
function owners(evidence: Evidence): string[] {
  const { claims, left, strays } = planRecovery(seenOf(evidence), { nextId: () => 'new', now })
  const had = claims.filter(({ address }) => address?.id === 'eip-1').map((c) => `${c.claim} by ${c.proof}`)
  return [...had, ...left.map(({ says }) => says), ...strays.map(() => 'nobody')]
}

function seenOf({
  unbound,
  log,
  surplus,
  objects = [],
  annotated = [],
  there,
  allocatedFor,
}: Evidence): Seen {
  const address: CloudAddress = {
    ...{ addressId: 'eip-1', addressName: '', addressIp: '203.0.113.1', tags: [] },
    status: unbound ? 'UNBIND' : 'BIND_ENI',
    ...(unbound
      ? { instanceId: null, networkInterfaceId: null, privateIpAddress: null }
      : { instanceId: 'ins-1', networkInterfaceId: 'eni-1', privateIpAddress: at }),
    ...{ isArrears: false, isBlocked: false, addressType: 'EIP', internetServiceProvider: 'BGP' },
    ...{ bandwidth: 100, internetChargeType: null, createdTime: now },
  }
  const pod = (claim: string, index: number): SeenPod => ({
    ...{ claim, uid: `uid-${claim}`, node: 'n1', asks: true, hostNetwork: false },
    privateIp: claim === there ? at : `10.0.1.${index}`,
    eipId: annotated.includes(claim) ? 'eip-1' : '',
  })
  const object = (claim: string): SeenObject => ({
    ...{
      claim,
      generation: 1,
      eipId: 'eip-1',
      publicIp: '',
      podUid: `uid-${claim}`,
      privateIp: at,
      node: 'n1',
    },
    ...{ boundAt: now, terms: null },
  })
  const pods = new Set([...annotated, ...(there ? [there] : [])])
  const known: Claim[] = []
  // With a call that is not made any more, so that the plan names it.
  const intent = { id: 'i-1', action: 'associate' as const, cancelled: false }
  if (log) known.push({ ...emptyClaim(log), phase: 'Allocated', generation: 1, address: auto(), intent })
  if (surplus)
    known.push({ ...emptyClaim(surplus), phase: 'Released', generation: 1, surplus: [auto()] } as Claim)
  const members = (allocatedFor ?? []).map((claim) => ({ claim, podUid: `uid-${claim}` }))
  return {
    shown: new Map([['eip-1', address]]),
    ours: new Map([['eip-1', 'a-1']]),
    objects: new Map(objects.map((claim) => [claim, object(claim)])),
    pods: new Map([...pods].map((claim, index) => [claim, pod(claim, index)])),
    claims: new Map(known.map((claim) => [claim.key, claim])),
    nodes: [],
    allocations: new Map(allocatedFor ? [['a-1', { claim: allocatedFor[0], members } as Intent]] : []),
  }
}

const auto = () => ({ source: 'auto' as const, id: 'eip-1', publicIp: '203.0.113.1', allocationId: 'a-1' })

describe('of two that speak of an EIP for different claims, the one that is harder to forge is believed', () => {
  test.each<[string, Evidence, string]>([
    // The story: services stopped, EIPClaim gone, a Pod annotated with the EIP of a living one.
    ['log, annotation', { log: 'd/a', there: 'd/a', annotated: ['evil/e'] }, 'd/a by Log'],
    ['log, EIPClaim', { log: 'd/a', there: 'd/a', objects: ['evil/e'] }, 'd/a by Log'],
    ['log, binding to an address that was used again', { log: 'd/a', there: 'd/b' }, 'd/a by Log'],
    [
      'log, binding that an annotation confirms',
      { log: 'd/a', there: 'evil/e', annotated: ['evil/e'] },
      'd/a by Log',
    ],
    [
      'binding that the own annotation confirms, EIPClaim',
      { there: 'd/a', annotated: ['d/a'], objects: ['evil/e'] },
      'd/a by Binding',
    ],
    [
      'binding that the own EIPClaim confirms, another EIPClaim',
      { there: 'd/a', objects: ['d/a', 'evil/e'] },
      'd/a by Binding',
    ],
    [
      'binding that the own annotation confirms, another annotation',
      { there: 'd/a', annotated: ['d/a', 'evil/e'] },
      'd/a by Binding',
    ],
    [
      'EIPClaim, binding to an address that was used again',
      { objects: ['d/a'], there: 'd/b' },
      'd/a by EIPClaim',
    ],
    ['EIPClaim, annotation', { unbound: true, objects: ['d/a'], annotated: ['evil/e'] }, 'd/a by EIPClaim'],
    ['binding, annotation', { there: 'd/a', annotated: ['evil/e'] }, 'd/a by Binding'],
    ['binding, one too many in the log', { there: 'd/a', surplus: 'd/b' }, 'd/a by Binding'],
    [
      'annotation, one too many in the log',
      { unbound: true, annotated: ['d/a'], surplus: 'd/b' },
      'd/a by Pod',
    ],
    [
      'allocation that the log knows, EIPClaim',
      { unbound: true, allocatedFor: ['d/a'], annotated: ['d/a'], objects: ['evil/e'] },
      'd/a by Pod',
    ],
    [
      'allocation, annotation',
      { there: 'd/a', allocatedFor: ['d/a'], annotated: ['evil/e'] },
      'd/a by Binding',
    ],
  ])('%s', (_, evidence, expected) => {
    expect(owners(evidence)).toEqual([expected])
  })
})

test('what only others claim than those it was allocated for is not theirs', () => {
  expect(owners({ unbound: true, allocatedFor: ['d/a'], annotated: ['evil/e'] })).toEqual(['nobody'])
})

test.each<[string, Evidence]>([
  ['EIPClaims', { unbound: true, objects: ['d/a', 'evil/e'] }],
  ['Pods', { unbound: true, annotated: ['d/a', 'evil/e'] }],
])('an EIP that several %s name, and nothing else, is neither given away nor released', (_, evidence) => {
  expect(owners(evidence)).toEqual([
    'd/a and evil/e both name it, and nothing shows whose it is; take it out of what is wrong there, and run this again.',
  ])
})

test("an EIP that was created for a claim is not another one's by being in a list", () => {
  const seen = seenOf({ log: 'd/a', there: 'd/a', objects: ['evil/e'] })
  const listed = { static: false, source: 'listed' as const, ids: ['eip-1'], number: 0 }
  const objects = new Map([...seen.objects].map(([key, object]) => [key, { ...object, terms: listed }]))
  const { claims } = planRecovery({ ...seen, objects }, { nextId: () => 'new', now })
  expect(claims.filter(({ address }) => address).map(({ claim }) => claim)).toEqual(['d/a'])
})

test("one of the user's that several EIPClaims name has only the one at whose Pod it is bound", () => {
  const seen = seenOf({ there: 'd/a', objects: ['d/a', 'evil/e'] })
  const listed = { static: false, source: 'listed' as const, ids: ['eip-1'], number: 0 }
  const objects = new Map([...seen.objects].map(([key, object]) => [key, { ...object, terms: listed }]))
  const { claims } = planRecovery({ ...seen, ours: new Map(), objects }, { nextId: () => 'new', now })
  expect(claims.filter(({ address }) => address).map(({ claim }) => claim)).toEqual(['d/a'])
})
