import fc from 'fast-check'
import { expect, test } from 'vitest'
import { emptyWorld, foldEvent, livePod } from '../src/index.ts'
import { tellStory } from './story.ts'

const claims = ['ns/web-0', 'ns/web-1', 'ns/web-2', 'ns/bot', 'ns/door']
const eips = ['eip-a', 'eip-b', 'eip-c']
const lists = [
  'eip-a',
  'eip-a,eip-b',
  'eip-b,eip-c',
  'eip-c,eip-a,eip-b',
  'eip-a,eip-a',
  'eip-x',
  'eip-x,eip-b',
]

type Turn =
  | { do: 'create'; claim: number; list: number; kept: boolean }
  | { do: 'relist'; claim: number; list: number }
  | { do: 'end'; claim: number }
  | { do: 'deleteClaim'; claim: number }
  | { do: 'cloud'; claim: number }
  | { do: 'others'; eip: number }

const claim = fc.nat(claims.length - 1)
const list = fc.nat(lists.length - 1)
const turn: fc.Arbitrary<Turn> = fc.oneof(
  fc.record({ do: fc.constant('create' as const), claim, list, kept: fc.boolean() }),
  fc.record({ do: fc.constant('relist' as const), claim, list }),
  fc.record({ do: fc.constant('end' as const), claim }),
  fc.record({ do: fc.constant('deleteClaim' as const), claim }),
  fc.record({ do: fc.constant('cloud' as const), claim }),
  fc.record({ do: fc.constant('cloud' as const), claim }),
  fc.record({ do: fc.constant('others' as const), eip: fc.nat(eips.length - 1) }),
)

/** A story of Pods that list EIPs, of which somebody else now and then has one, with the rules checked after each turn. */
function tell(turns: Turn[]) {
  const story = tellStory()
  story.node('n1', 48)
  const pods = new Map<string, { uid: string; kept: boolean }>()
  const theirs = new Set<string>()
  let count = 0
  const ask = (key: string, uid: string, kept: boolean, idList: string) =>
    story.pod(key, uid, {
      node: 'n1',
      privateIp: `10.0.0.${uid.slice(4)}`,
      request: { idList, ...(kept && { deletePolicy: 'Never' }) },
    })
  const cloud = (key: string) => {
    const { intent, binding, address, generation } = story.claimOf(key)
    const taken = intent?.action === 'associate' && !intent.cancelled && theirs.has(address!.id)
    if (!intent) return
    if (!taken) {
      story.cloudDoes(key, { inUse: [...theirs], refused: [{ addressId: 'eip-x', reason: 'Unknown' }] })
      return
    }
    const about = { claim: key, generation, intentId: intent.id, addressId: address!.id, node: binding!.node }
    story.happen('BindingFailed', { ...about, code: 'ListedAddressNotFree', message: '.', requestId: '' })
  }
  const check = () => {
    const { claims: all, listings } = story.world
    for (const { key, address, search } of all.values()) {
      if (address) expect(listings.get(address.id)?.holder?.claim, 'I2').toBe(key)
      for (const id of search.awaited) expect(listings.get(id)?.waiting).toContain(key)
    }
    for (const { id, holder, waiting } of listings.values()) {
      if (holder) expect(all.get(holder.claim)?.address?.id).toBe(id)
      for (const key of waiting) expect(all.get(key)?.search.awaited).toContain(id)
      expect(new Set(waiting).size).toBe(waiting.length)
    }
  }
  for (const t of turns) {
    const key = t.do === 'others' ? '' : claims[t.claim]!
    const pod = pods.get(key)
    switch (t.do) {
      case 'create':
        pods.set(key, { uid: `pod-${++count}`, kept: t.kept })
        ask(key, `pod-${count}`, t.kept, lists[t.list]!)
        break
      case 'relist':
        if (pod) ask(key, pod.uid, pod.kept, lists[t.list]!)
        break
      case 'end':
        if (pod) story.ended(key, pod.uid)
        pods.delete(key)
        break
      case 'deleteClaim':
        story.happen('EipClaimDeletionRequested', {
          ...{ claim: key, objectUid: `o${++count}`, namespaceTerminating: false, collectedWith: null },
        })
        break
      case 'cloud':
        if (story.world.claims.has(key)) cloud(key)
        break
      case 'others': {
        // Somebody takes an EIP that is bound to no Pod of ours, or lets it go.
        const eip = eips[t.eip]!
        const bound = [...story.world.claims.values()].some((c) => c.address?.id === eip && c.binding)
        if (!theirs.delete(eip) && !bound) theirs.add(eip)
        break
      }
    }
    check()
  }
  return { story, theirs, cloud, check }
}

test('whatever happens, one claim has an EIP at a time, none is released, and whoever waits waits for a reason', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 50 }), (turns) => {
      const { story, theirs, cloud, check } = tell(turns)
      for (let round = 0; round < 60; round++) {
        for (const { key, intent } of story.world.claims.values()) if (intent) cloud(key)
        check()
      }
      expect(story.log.some(({ type }) => type === 'ReleaseDecided')).toBe(false)
      const had = new Set([...story.world.claims.values()].flatMap((c) => (c.address ? [c.address.id] : [])))
      for (const c of story.world.claims.values()) {
        if (!livePod(c)) {
          expect(['Released', 'Retained'], c.key).toContain(c.phase)
          continue
        }
        if (c.phase === 'Bound' || c.judged?.refusal) continue
        const terms = c.terms!
        if (terms.source !== 'listed') throw new Error('nobody asked for another source')
        const entries = terms.number === null ? terms.ids : terms.ids.slice(terms.number, terms.number + 1)
        const free = entries.filter((id) => id !== 'eip-x' && !had.has(id) && !theirs.has(id))
        expect(free, `${c.key} is ${c.phase} although these are free`).toEqual([])
        const own = c.address && theirs.has(c.address.id)
        if (!own && entries.length > 0 && c.intent === null)
          expect(c.problem?.reason).toBe('ListedAddressTaken')
        if (entries.length === 0) expect(c.problem?.reason).toBe('BeyondList')
      }
    }),
    { numRuns: 300 },
  )
})

test('a replay of any such log comes to the same world (I7)', () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 50 }), (turns) => {
      const { story } = tell(turns)
      const world = emptyWorld()
      for (const event of story.log) foldEvent(world, event)
      expect(world).toEqual(story.world)
    }),
    { numRuns: 100 },
  )
})
