import { describe, expect, test } from 'vitest'
import { eipLimit, eipSlots, eventStory, type ForeignAddress, slotSentence, slotWait } from '../src/index.ts'
import { tellStory } from './story.ts'

type Story = ReturnType<typeof tellStory>

const code = 'LimitExceeded.InstanceAddressQuota'
const theirs = (addressId: string, privateIp = '10.0.9.9'): ForeignAddress => ({ addressId, privateIp })
const node = (story: Story) => story.world.nodes.get('n1')!
const bindings = (events: { type: string; data: object }[]) =>
  events.flatMap(({ type, data }) => (type === 'BindingDecided' && 'claim' in data ? [data.claim] : []))

/** Pods on a node of 20 CPUs, which has four slots, each with its EIP allocated. */
function nodeWith(...names: string[]): Story {
  const story = tellStory()
  story.node('n1', 20)
  for (const [index, name] of names.entries()) {
    story.pod(name, name, { node: 'n1', privateIp: `10.0.0.${index + 10}` })
    story.cloudDoes(name)
  }
  return story
}

function refuse(story: Story, claim: string) {
  const { intent, generation, address } = story.claimOf(claim)
  return story.happen('BindingFailed', {
    ...{ claim, generation, intentId: intent!.id, addressId: address!.id, node: 'n1' },
    ...{ code, message: 'The instance is full.', requestId: 'r-1' },
  })
}

const count = (story: Story, ...foreign: ForeignAddress[]) =>
  story.happen('NodeAddressesCounted', { node: 'n1', instanceId: 'ins-n1', foreign })

test.each([
  [1, 1],
  [5, 1],
  [6, 2],
  [11, 2],
  [12, 3],
  [17, 3],
  [18, 4],
  [23, 4],
  [24, 5],
  [29, 5],
  [30, 6],
  [35, 6],
  [36, 7],
  [41, 7],
  [42, 8],
  [47, 8],
  [48, 9],
  [256, 9],
])('a node of %d CPUs has %d EIP slots', (cpu, slots) => {
  expect(eipLimit(cpu)).toBe(slots)
})

describe('EIPs of others on the CVM', () => {
  test('take slots, and give them back', () => {
    const story = nodeWith()
    count(story, theirs('eip-x'), theirs('eip-y'))
    expect(eipSlots(node(story))).toBe(2)
    for (const name of ['a', 'b', 'c']) {
      story.pod(name, name, { node: 'n1', privateIp: `10.0.0.${name}` })
      story.cloudDoes(name)
    }
    expect(story.claimOf('c').problem).toMatchObject({
      reason: 'NodeQuotaExhausted',
      message:
        'Node n1 has no free EIP slot: its CVM may have 4 EIPs beside its own public address; when this was told it had those of a, b, and 2 that are not of pod-eip (eip-x, eip-y); the claim goes on when one is freed, or move the Pod to another node.',
    })
    expect(bindings(count(story, theirs('eip-x')))).toEqual(['c'])
  })

  test('on its own address take none: a place is kept for that', () => {
    const story = nodeWith()
    story.happen('NodeObserved', {
      ...{ node: 'n1', nodeUid: 'u', resourceVersion: '999', instanceId: 'ins-n1', cpu: 20 },
      internalIp: '10.0.0.4',
    })
    count(story, theirs('eip-x', '10.0.0.4'))
    expect(eipSlots(node(story))).toBe(4)
  })

  test('that come later let nobody go; the next waits, and is told who is in the way', () => {
    const story = nodeWith('a', 'b', 'c')
    for (const name of ['a', 'b', 'c']) story.cloudDoes(name)
    count(story, theirs('eip-x'), theirs('eip-y'), theirs('eip-z'), theirs('eip-0'), theirs('eip-1'))
    expect(eipSlots(node(story))).toBe(0)
    story.pod('d', 'd', { node: 'n1', privateIp: '10.0.0.40' })
    story.cloudDoes('d')
    expect(['a', 'b', 'c', 'd'].map((name) => story.claimOf(name).phase)).toEqual([
      'Bound',
      'Bound',
      'Bound',
      'Allocated',
    ])
    count(story, theirs('eip-x'))
    expect(story.claimOf('d').problem?.message).toContain(
      'when this was told it had those of a, b, c, and 1 that is not of pod-eip (eip-x)',
    )
  })
})

describe("the cloud's word", () => {
  test('puts the claim back into the queue and lowers the limit, which both the log and the user are told', () => {
    const story = nodeWith('a', 'b')
    story.cloudDoes('a')
    const decided = refuse(story, 'b')
    expect(decided.map(({ type }) => type)).toEqual(['SlotAwaited'])
    expect(eipSlots(node(story))).toBe(1)
    expect(story.claimOf('b')).toMatchObject({ phase: 'Allocated', intent: null, awaitingSlotOn: 'n1' })
    expect(story.claimOf('b').problem?.message).toContain(
      'beside its own public address, and Tencent Cloud let no more onto it (LimitExceeded.InstanceAddressQuota)',
    )
    const told = story.log.map(eventStory).filter((s) => s?.type === 'Warning')
    expect(told.map((s) => s!.reason)).toEqual(['FailedAssociateEip', 'NodeQuotaExhausted'])
    expect(told[0]!.message).toContain('"The instance is full."')
    expect(told[0]!.message).toContain('RequestId r-1')
  })

  test('is not asked again before a slot is free or the cloud shows room', () => {
    const story = nodeWith('a', 'b')
    story.cloudDoes('a')
    refuse(story, 'b')
    story.pod('c', 'c', { node: 'n1', privateIp: '10.0.0.30' })
    expect(bindings(story.cloudDoes('c'))).toEqual([])
    story.ended('a', 'a')
    expect(bindings(story.cloudDoes('a'))).toEqual(['b'])
    expect(bindings(story.cloudDoes('b'))).toEqual([])
  })

  test('keeps the order in which they came, however many are refused', () => {
    const story = nodeWith('a', 'b', 'c')
    refuse(story, 'b')
    refuse(story, 'a')
    refuse(story, 'c')
    expect(node(story).waiting.map(({ claim }) => claim)).toEqual(['a', 'b', 'c'])
    expect(eipSlots(node(story))).toBe(0)
  })

  test('that a count explains needs no further attempt', () => {
    const story = nodeWith('a', 'b')
    story.cloudDoes('a')
    refuse(story, 'b')
    expect(bindings(count(story, theirs('eip-x'), theirs('eip-y'), theirs('eip-z')))).toEqual([])
    expect(node(story).refusal).toBeNull()
    expect(bindings(count(story, theirs('eip-x')))).toEqual(['b'])
  })

  test('that a count does not explain is tried by one, and by the next when that one got through', () => {
    const story = nodeWith('a', 'b', 'c')
    for (const name of ['a', 'b', 'c']) refuse(story, name)
    expect(bindings(count(story))).toEqual(['a'])
    expect(bindings(refuse(story, 'a'))).toEqual([])
    expect(node(story).refusal?.times).toBe(4)
    expect(bindings(count(story))).toEqual(['a'])
    expect(bindings(story.cloudDoes('a'))).toEqual(['b'])
    expect(bindings(story.cloudDoes('b'))).toEqual(['c'])
    story.cloudDoes('c')
    expect(node(story).refusal).toBeNull()
  })

  test('about a claim whose Pod has ended meanwhile leaves nobody in the queue', () => {
    const story = nodeWith('a')
    story.ended('a', 'a')
    refuse(story, 'a')
    expect(node(story).waiting).toEqual([])
    expect(story.claimOf('a').phase).toBe('Releasing')
  })
})

describe('a Node that comes back as another CVM', () => {
  const comeBack = (story: Story, instanceId: string | null) =>
    story.happen('NodeObserved', {
      ...{ node: 'n1', nodeUid: 'u2', resourceVersion: '999', instanceId, cpu: 4, internalIp: null },
    })

  test('begins anew: neither what others had there nor what still has to be unbound there counts', () => {
    const story = nodeWith('a', 'b')
    story.cloudDoes('a')
    count(story, theirs('eip-x'))
    refuse(story, 'b')
    story.happen('NodeRemoved', { node: 'n1', nodeUid: 'uid-n1' })
    comeBack(story, 'ins-other')
    expect(node(story)).toMatchObject({ foreign: [], countedAt: '', refusal: null, limit: 1 })
    expect(story.claimOf('b').phase).toBe('Binding')
    expect(story.claimOf('a').phase).toBe('Bound')
    count(story, theirs('eip-x'))
    expect(node(story).foreign).toEqual([])
    refuse(story, 'b')
    expect(node(story).refusal).toMatchObject({ limit: 0 })
  })

  test('that does not say which yet counts all that it had', () => {
    const story = nodeWith('a')
    story.cloudDoes('a')
    comeBack(story, null)
    story.pod('b', 'b', { node: 'n1', privateIp: '10.0.0.30' })
    expect(bindings(story.cloudDoes('b'))).toEqual([])
  })
})

describe('those who have the slots', () => {
  const said = (story: Story, name: string) => story.claimOf(name).problem?.message
  const events = (story: Story) =>
    story.log.map(eventStory).filter((told) => told?.reason === 'NodeQuotaExhausted').length

  /** A node of nine slots, all taken, and two claims that wait. */
  function full(): Story {
    const story = tellStory()
    story.node('n1', 48)
    for (let i = 0; i < 11; i += 1) {
      story.pod(`p${i}`, `p${i}`, { node: 'n1', privateIp: `10.0.0.${i + 10}` })
      story.cloudDoes(`p${i}`)
      if (i < 9) story.cloudDoes(`p${i}`)
    }
    return story
  }

  const free = (story: Story, name: string) => {
    story.ended(name, name)
    return story.cloudDoes(name)
  }

  test('are named, the first of them', () => {
    expect(said(full(), 'p9')).toContain(
      '; when this was told it had those of p0, p1, p2, p3, p4 and 4 more; the',
    )
  })

  test('are told anew without an Event, and only once none of those who were named has a slot', () => {
    const story = full()
    story.pod('late', 'late', { node: 'n1', privateIp: '10.0.0.99' })
    story.cloudDoes('late')
    for (const name of ['p0', 'p1']) free(story, name)
    expect(said(story, 'late')).toContain('those of p0, p1, p2, p3, p4 and 4 more')
    count(story, ...['eip-1', 'eip-2', 'eip-3', 'eip-4', 'eip-5', 'eip-6'].map((id) => theirs(id)))
    expect(said(story, 'late')).toContain(
      'those of p0, p1, p2, p3, p4 and 4 more, and 6 that are not of pod-eip (eip-1, eip-2, eip-3, eip-4, eip-5 and 1 more);',
    )
    const before = events(story)
    for (const name of ['p2', 'p3', 'p4']) free(story, name)
    expect(said(story, 'late')).toContain('those of p5, p6, p7, p8, p9 and 1 more, and 6 that')
    expect(events(story)).toBe(before)
  })
})

test('a node without a CPU count holds its claims back and says so', () => {
  const story = tellStory()
  story.node('n1', null)
  story.pod('a', 'a', { node: 'n1', privateIp: '10.0.0.1' })
  story.cloudDoes('a')
  expect(story.claimOf('a').problem).toMatchObject({
    reason: 'NodeUnknown',
    message: slotSentence(slotWait(node(story))),
  })
  expect(bindings(story.node('n1', 4))).toEqual(['a'])
})
