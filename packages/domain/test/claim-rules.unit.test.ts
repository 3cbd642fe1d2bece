import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Claim, emptyWorld, foldEvent, livePod, servedPod } from '../src/index.ts'
import { tellStory } from './story.ts'

const claims = ['ns/a-0', 'ns/a-1', 'ns/a-2']
const nodes = ['n1', 'n2']

type Turn =
  | { do: 'create'; claim: number; node: number; kept: boolean }
  | { do: 'place'; claim: number }
  | { do: 'end'; claim: number }
  | { do: 'deleteClaim'; claim: number }
  | { do: 'cloud'; claim: number }
  | { do: 'cloudRefuses'; claim: number }

const claimIndex = fc.nat(claims.length - 1)
const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    claim: claimIndex,
    node: fc.nat(nodes.length - 1),
    kept: fc.boolean(),
  }),
  fc.record({ do: fc.constant('place' as const), claim: claimIndex }),
  fc.record({ do: fc.constant('end' as const), claim: claimIndex }),
  fc.record({ do: fc.constant('deleteClaim' as const), claim: claimIndex }),
  fc.record({ do: fc.constant('cloud' as const), claim: claimIndex }),
  fc.record({ do: fc.constant('cloudRefuses' as const), claim: claimIndex }),
)

/** A story told by turns, with the rules checked after each of them. */
function tell(turns: Turn[]) {
  const story = tellStory()
  const pods = new Map<string, { uid: string; facts: object; node: string }>()
  let uid = 0
  for (const node of nodes) story.node(node, 4)

  const check = () => {
    const held = new Map<string, string>()
    for (const claim of story.world.claims.values()) {
      if (claim.address) {
        expect(held.get(claim.address.id), 'I2: an address in two claims').toBeUndefined()
        held.set(claim.address.id, claim.key)
      }
    }
    for (const node of story.world.nodes.values()) {
      expect(node.holders.length, 'I5: more bound than the node may').toBeLessThanOrEqual(node.limit!)
    }
  }
  const refuse = (claim: Claim) => {
    const { intent, generation, address, binding } = claim
    if (!intent) return
    const about = { claim: claim.key, generation, intentId: intent.id }
    if (intent.action === 'allocate') story.happen('AllocationAbandoned', about)
    if (intent.action === 'associate') {
      story.happen('BindingAbandoned', { ...about, addressId: address!.id, node: binding!.node })
    }
  }
  for (const t of turns) {
    const key = claims[t.claim]!
    const pod = pods.get(key)
    switch (t.do) {
      case 'create': {
        const node = nodes[t.node]!
        const facts = { node, request: { attributes: '', ...(t.kept && { deletePolicy: 'Never' }) } }
        pods.set(key, { uid: `pod-${++uid}`, facts, node })
        story.pod(key, `pod-${uid}`, facts)
        break
      }
      case 'place':
        if (pod) story.pod(key, pod.uid, { ...pod.facts, privateIp: `10.0.0.${pod.uid.slice(4)}` })
        break
      case 'end':
        if (pod) story.ended(key, pod.uid)
        pods.delete(key)
        break
      case 'deleteClaim':
        story.happen('EipClaimDeletionRequested', {
          claim: key,
          objectUid: `o${++uid}`,
          ...{ namespaceTerminating: false, collectedWith: null },
        })
        break
      case 'cloud':
        if (story.world.claims.get(key)?.intent) story.cloudDoes(key)
        break
      case 'cloudRefuses':
        if (story.world.claims.has(key)) refuse(story.claimOf(key))
        break
    }
    check()
  }
  return story
}

/** The cloud does all that is asked of it, until nothing is. */
function settle(story: ReturnType<typeof tellStory>) {
  for (let round = 0; round < 200; round++) {
    const busy = [...story.world.claims.values()].filter((claim) => claim.intent)
    if (busy.length === 0) return
    for (const claim of busy) if (story.claimOf(claim.key).intent) story.cloudDoes(claim.key)
  }
  throw new Error('the rules never come to rest')
}

test('whatever happens in whatever order, the rules hold and come to rest where they should', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
      const story = tell(turns)
      settle(story)
      for (const claim of story.world.claims.values()) {
        const pod = livePod(claim)
        if (pod?.privateIp) {
          const waits = claim.problem?.reason === 'NodeQuotaExhausted'
          expect(claim.phase, claim.key).toBe(waits ? 'Allocated' : 'Bound')
          if (waits) {
            const node = story.world.nodes.get(pod.node!)!
            expect(node.holders.length, 'waits although a slot is free').toBe(node.limit)
          }
        } else if (pod) {
          expect(claim.phase).toBe('Allocated')
        } else {
          expect(['Released', 'Retained']).toContain(claim.phase)
          if (claim.phase === 'Retained') expect(claim.terms!.static, 'I6').toBe(true)
          expect(claim.deletion, 'a deletion without an answer').toBeNull()
        }
      }
    }),
    { numRuns: 300 },
  )
})

test('an EIP is released only for a reason that the log shows, never under a live Pod (I3, I6)', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
      const story = tell(turns)
      const world = emptyWorld()
      for (const event of story.log) {
        if (event.type === 'ReleaseDecided') {
          const claim = world.claims.get(event.data.claim)!
          expect(servedPod(claim)).toBeNull()
          expect(claim.binding).toBeNull()
          if (claim.terms!.static) expect(event.data.cause).toBe('ManualReclaim')
        }
        foldEvent(world, event)
      }
    }),
    { numRuns: 200 },
  )
})

test('a replay of any log comes to the same world (I7)', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 60 }), (turns) => {
      const story = tell(turns)
      const world = emptyWorld()
      for (const event of story.log) foldEvent(world, event)
      expect(world).toEqual(story.world)
    }),
    { numRuns: 200 },
  )
})
