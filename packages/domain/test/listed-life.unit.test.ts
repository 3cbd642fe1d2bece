import { describe, expect, test } from 'vitest'
import { describeClaim, type EventData, eventStory, type NewDomainEvent } from '../src/index.ts'
import { tellStory } from './story.ts'

type Story = ReturnType<typeof tellStory>
const types = (events: { type: string }[]) => events.map((e) => e.type)
const statefulSet = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 's' }
const replicaSet = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'bot-7', uid: 'r' }
let lastIp = 0

/** A Pod of a workload with a list, placed on a node. */
function asking(idList: string, facts: Partial<EventData['PodObserved']> = {}, deletePolicy?: string) {
  lastIp += 1
  const request = { idList, ...(deletePolicy !== undefined && { deletePolicy }) }
  return { node: 'n1', privateIp: `10.0.1.${lastIp}`, controller: statefulSet, request, ...facts }
}

function onNode() {
  const story = tellStory()
  story.node('n1', 48)
  return story
}

/** Lets the cloud do everything that is asked of it for the claim. */
function settled(story: Story, claim: string, cloud?: Parameters<Story['cloudDoes']>[1]) {
  for (let turns = 0; story.claimOf(claim).intent && turns < 20; turns++) story.cloudDoes(claim, cloud)
  return story.claimOf(claim)
}

const ready = (story: Story, claim: string) =>
  describeClaim(story.claimOf(claim)).status.conditions.find(({ type }) => type === 'Ready')!
const reasons = (log: NewDomainEvent[]) =>
  log
    .map((event) => eventStory(event as Parameters<typeof eventStory>[0])?.reason)
    .filter((r) => r !== undefined)

describe('the entry of the list', () => {
  test('is that of the number at the end of the name', () => {
    const story = onNode()
    expect(types(story.pod('ns/web-1', 'a', asking('eip-a,eip-b')))).toEqual([
      'ClaimOpened',
      'RequestAccepted',
      'LookupDecided',
    ])
    expect(story.claimOf('ns/web-1')).toMatchObject({
      phase: 'Allocating',
      search: { lookup: { addressIds: ['eip-b'] } },
    })
    expect(types(story.cloudDoes('ns/web-1'))).toEqual(['ListedAddressChosen', 'BindingDecided'])
    expect(settled(story, 'ns/web-1')).toMatchObject({
      phase: 'Bound',
      address: { source: 'listed', id: 'eip-b', publicIp: '198.51.100.b' },
    })
    expect(ready(story, 'ns/web-1').status).toBe('True')
  })

  test.each(['ReplicaSet', 'DaemonSet', 'Job', 'CloneSet'])(
    'is any that is free for a Pod of a %s, though its random name ends in digits',
    (kind) => {
      const story = onNode()
      const controller = { ...replicaSet, kind }
      story.pod('ns/bot-7-24689', 'a', asking('eip-a,eip-b', { controller }))
      story.pod('ns/bot-7-97542', 'b', asking('eip-a,eip-b', { controller }))
      expect(settled(story, 'ns/bot-7-24689').address?.id).toBe('eip-a')
      expect(settled(story, 'ns/bot-7-97542').address?.id).toBe('eip-b')
      const choices = story.log.filter((e) => e.type === 'ListedAddressChosen')
      expect(choices.map((e) => e.data.number)).toEqual([null, null])
    },
  )

  test('beyond the list there is none: the Pod waits, and a longer list is picked up', () => {
    const story = onNode()
    const facts = asking('eip-a,eip-b')
    story.pod('ns/web-2', 'a', facts)
    expect(ready(story, 'ns/web-2')).toMatchObject({
      reason: 'BeyondList',
      message:
        'Annotation eip-id-list names only 2 EIPs and Pod web-2 is number 2, counted from 0; name more EIPs or run fewer Pods.',
    })
    expect(story.log.some((e) => e.type === 'LookupDecided')).toBe(false)
    story.pod('ns/web-2', 'a', { ...facts, request: { idList: 'eip-a,eip-b,eip-c' } })
    expect(settled(story, 'ns/web-2').address?.id).toBe('eip-c')
  })

  test('that is in use elsewhere is passed over where any will do, and waited for where it is the one', () => {
    const story = onNode()
    const inUse = ['eip-a']
    story.pod('ns/bot', 'a', asking('eip-a,eip-b', { controller: replicaSet }))
    expect(types(story.cloudDoes('ns/bot', { inUse }))).toEqual(['LookupDecided'])
    expect(settled(story, 'ns/bot', { inUse }).address?.id).toBe('eip-b')

    story.pod('ns/web-0', 'b', asking('eip-a'))
    expect(story.cloudDoes('ns/web-0', { inUse })).toEqual([])
    expect(story.claimOf('ns/web-0')).toMatchObject({ phase: 'Allocating' })
    expect(settled(story, 'ns/web-0').address?.id).toBe('eip-a')
  })
})

describe('two Pods for one EIP', () => {
  test('one has it, the other waits with the reason and takes over when it is free', () => {
    const story = onNode()
    story.pod('ns/web-0', 'a', asking('eip-a'))
    story.pod('ns/other-0', 'b', asking('eip-a'))
    settled(story, 'ns/web-0')
    expect(story.claimOf('ns/other-0')).toMatchObject({ phase: 'Pending', address: null, intent: null })
    expect(ready(story, 'ns/other-0')).toMatchObject({
      reason: 'ListedAddressTaken',
      message: expect.stringMatching(
        /^EIP eip-a was taken by ns\/web-0 .*; the claim goes on when it is free, .*\.$/,
      ),
    })
    expect(story.world.listings.get('eip-a')).toMatchObject({
      holder: { claim: 'ns/web-0' },
      waiting: ['ns/other-0'],
    })
    story.ended('ns/web-0', 'a')
    expect(types(story.cloudDoes('ns/web-0'))).toEqual([
      'ListedAddressGivenBack',
      'ClaimClosed',
      'LookupDecided',
    ])
    expect(settled(story, 'ns/other-0')).toMatchObject({ phase: 'Bound', address: { id: 'eip-a' } })
  })

  test('first come, first served; who no longer wants it makes room', () => {
    const story = onNode()
    for (const name of ['a', 'b', 'c', 'd']) story.pod(`ns/${name}-0`, name, asking('eip-a'))
    settled(story, 'ns/a-0')
    expect(types(story.ended('ns/b-0', 'b'))).toEqual(['ListedAddressForgone', 'ClaimClosed'])
    story.ended('ns/a-0', 'a')
    settled(story, 'ns/a-0')
    expect(settled(story, 'ns/c-0').address?.id).toBe('eip-a')
    expect(story.world.listings.get('eip-a')?.waiting).toEqual(['ns/d-0'])
  })

  test('a claim that waits for one EIP goes on with another that is freed meanwhile', () => {
    const story = onNode()
    const both = { controller: replicaSet }
    story.pod('ns/web-1', 'a', asking('eip-x,eip-b'))
    settled(story, 'ns/web-1')
    story.pod('ns/bot', 'b', asking('eip-a,eip-b', both))
    expect(story.cloudDoes('ns/bot', { inUse: ['eip-a'] })).toEqual([])
    story.ended('ns/web-1', 'a')
    expect(types(story.cloudDoes('ns/web-1'))).toContain('CancellationDecided')
    expect(types(story.cloudDoes('ns/bot'))).toEqual(['LookupDecided'])
    expect(settled(story, 'ns/bot', { inUse: ['eip-a'] }).address?.id).toBe('eip-b')
    expect(story.world.listings.get('eip-a')?.waiting).toEqual([])
  })
})

describe('the end', () => {
  test.each([
    ['its Pod', (s: Story) => void s.ended('ns/web-0', 'a')],
    [
      'its Pod and its EIPClaim',
      (s: Story) => {
        deleteClaim(s)
        s.ended('ns/web-0', 'a')
      },
    ],
  ])('with %s the EIP is unbound and given back, never released', (_, end) => {
    const story = onNode()
    story.pod('ns/web-0', 'a', asking('eip-a'))
    settled(story, 'ns/web-0')
    end(story)
    expect(settled(story, 'ns/web-0')).toMatchObject({ phase: 'Released', address: null })
    expect(types(story.log)).not.toContain('ReleaseDecided')
    expect(story.world.listings.get('eip-a')).toMatchObject({ holder: null, waiting: [] })
    expect(reasons(story.log).filter((r) => r !== 'ReclaimDeclined')).toEqual([
      'TookEip',
      'AssociatedEip',
      'DisassociatedEip',
      'GaveEipBack',
    ])
  })

  test('of a static claim keeps the EIP for the name of the Pod, until it expires or is deleted', () => {
    const story = onNode()
    story.pod('ns/web-0', 'a', asking('eip-a', {}, 'Never'))
    settled(story, 'ns/web-0')
    story.pod('ns/other-0', 'x', asking('eip-a'))
    story.ended('ns/web-0', 'a')
    expect(settled(story, 'ns/web-0').phase).toBe('Retained')
    expect(story.claimOf('ns/other-0').phase).toBe('Pending')
    expect(types(story.pod('ns/web-0', 'b', asking('eip-a', {}, 'Never')))).toEqual([
      'RequestAccepted',
      'ClaimResumed',
      'BindingDecided',
    ])
    settled(story, 'ns/web-0')
    story.ended('ns/web-0', 'b')
    settled(story, 'ns/web-0')
    expect(types(deleteClaim(story))).toEqual(['ListedAddressGivenBack', 'ClaimClosed', 'LookupDecided'])
    expect(settled(story, 'ns/other-0')).toMatchObject({ phase: 'Bound', address: { id: 'eip-a' } })
    expect(types(story.log)).not.toContain('ReleaseDecided')
  })
})

const deleteClaim = (story: Story) =>
  story.happen('EipClaimDeletionRequested', {
    claim: 'ns/web-0',
    objectUid: 'o',
    namespaceTerminating: false,
    collectedWith: null,
  })

describe('a list that cannot be used', () => {
  const unknown = { addressId: 'eip-a', reason: 'Unknown' } as const
  const created = { addressId: 'eip-a', reason: 'CreatedForCluster' } as const

  test.each([
    [unknown, 'does not exist in this account and region'],
    [created, 'was created for a Pod (tag tke-created-eip)'],
  ])('%o is refused with one Warning, and a corrected list is picked up', (refused, why) => {
    const story = onNode()
    const facts = asking('eip-a')
    story.pod('ns/web-0', 'a', facts)
    expect(types(story.cloudDoes('ns/web-0', { refused: [refused] }))).toEqual([
      'ListedAddressForgone',
      'RequestRefused',
    ])
    expect(ready(story, 'ns/web-0')).toMatchObject({ status: 'False', reason: 'Invalid' })
    expect(ready(story, 'ns/web-0').message).toContain(`eip-id-list names eip-a, which ${why}`)
    expect(reasons(story.log)).toEqual(['InvalidEipRequest'])
    story.pod('ns/web-0', 'a', { ...facts, request: { idList: 'eip-b' } })
    expect(settled(story, 'ns/web-0')).toMatchObject({ phase: 'Bound', address: { id: 'eip-b' } })
  })

  test('one EIP of several is passed over and told, where any will do', () => {
    const story = onNode()
    story.pod('ns/bot', 'a', asking('eip-a,eip-b', { controller: replicaSet }))
    story.cloudDoes('ns/bot', { refused: [unknown] })
    expect(settled(story, 'ns/bot').address?.id).toBe('eip-b')
    const told = story.log.map(eventStory).find((s) => s?.reason === 'TookEip')
    expect(told).toMatchObject({ type: 'Warning', message: expect.stringContaining('passed over: ') })
  })

  test.each([
    [{ idList: 'eip-a', attributes: '{}' }, 'eip-attributes'],
    [{ idList: 'eip-a,eip-a' }, 'eip-a twice'],
    [{ idList: 'eip-a,203.0.113.7' }, '"203.0.113.7"'],
    [{ idList: ' , ' }, 'names no EIP'],
  ])('%o is refused at once, without a look at the cloud', (request, named) => {
    const story = onNode()
    story.pod('ns/web-0', 'a', asking('', { request }))
    expect(ready(story, 'ns/web-0')).toMatchObject({
      reason: 'Invalid',
      message: expect.stringContaining(named),
    })
    expect(reasons(story.log)).toEqual(['InvalidEipRequest'])
    expect(story.claimOf('ns/web-0').intent).toBeNull()
  })
})

describe('a changed list', () => {
  test('counts at once while nothing is bound', () => {
    const story = onNode()
    const facts = asking('eip-a', { privateIp: null })
    story.pod('ns/web-0', 'a', facts)
    settled(story, 'ns/web-0')
    expect(types(story.pod('ns/web-0', 'a', { ...facts, request: { idList: 'eip-b' } }))).toEqual([
      'RequestAccepted',
      'ListedAddressGivenBack',
      'ClaimClosed',
      'ClaimOpened',
      'RequestAccepted',
      'LookupDecided',
    ])
    expect(settled(story, 'ns/web-0').address?.id).toBe('eip-b')
  })

  test('leaves a bound EIP where it is until the Pod ends, and says so', () => {
    const story = onNode()
    const facts = asking('eip-a')
    story.pod('ns/web-0', 'a', facts)
    settled(story, 'ns/web-0')
    expect(types(story.pod('ns/web-0', 'a', { ...facts, request: { idList: 'eip-b' } }))).toEqual([
      'RequestAccepted',
    ])
    const accepted = describeClaim(story.claimOf('ns/web-0')).status.conditions[0]
    expect(accepted?.message).toMatch(
      /EIP eip-b.*; EIP eip-a .*, which is no longer asked for, stays until the Pod ends\.$/,
    )
    story.ended('ns/web-0', 'a')
    settled(story, 'ns/web-0')
    story.pod('ns/web-0', 'b', asking('eip-b'))
    expect(settled(story, 'ns/web-0').address?.id).toBe('eip-b')
  })

  test('takes nothing from a claim whose EIP was created for it', () => {
    const story = onNode()
    const facts = asking('', { request: { attributes: '{}', deletePolicy: 'Never' } })
    story.pod('ns/web-0', 'a', facts)
    settled(story, 'ns/web-0')
    story.pod('ns/web-0', 'a', { ...facts, request: { idList: 'eip-a' } })
    expect(story.claimOf('ns/web-0')).toMatchObject({
      phase: 'Bound',
      terms: { source: 'auto', static: false },
    })
    expect(describeClaim(story.claimOf('ns/web-0')).status.conditions[0]?.message).toContain(
      'eip-id-list counts once',
    )
  })

  test('calls off the look-up of what it no longer names', () => {
    const story = onNode()
    const facts = asking('eip-a')
    story.pod('ns/web-0', 'a', facts)
    const events = types(story.pod('ns/web-0', 'a', { ...facts, request: { idList: 'eip-b' } }))
    expect(events).toEqual(['RequestAccepted', 'ListedAddressForgone', 'CancellationDecided'])
    expect(types(story.cloudDoes('ns/web-0'))).toEqual(['LookupDecided'])
    expect(settled(story, 'ns/web-0').address?.id).toBe('eip-b')
  })
})

describe('an EIP that is not free any more when it is to be bound', () => {
  const word = { code: 'ListedAddressNotFree', message: '.', requestId: '' }
  function takenAway() {
    const story = onNode()
    story.pod('ns/web-0', 'a', asking('eip-a'))
    story.cloudDoes('ns/web-0')
    const { intent, generation } = story.claimOf('ns/web-0')
    const about = { claim: 'ns/web-0', generation, intentId: intent!.id, addressId: 'eip-a', node: 'n1' }
    expect(types(story.happen('BindingFailed', { ...about, ...word }))).toEqual(['LookupDecided'])
    return story
  }

  test('is let go of where any of the list will do: another one is taken, and is not waited for', () => {
    const story = onNode()
    story.pod('ns/bot', 'a', asking('eip-a,eip-b', { controller: replicaSet }))
    story.cloudDoes('ns/bot')
    const { intent, generation } = story.claimOf('ns/bot')
    const about = { claim: 'ns/bot', generation, intentId: intent!.id, addressId: 'eip-a', node: 'n1' }
    const [first] = types(story.happen('BindingFailed', { ...about, ...word }))
    expect(first).toBe('ListedAddressGivenBack')
    expect(settled(story, 'ns/bot', { inUse: ['eip-a'] }).address?.id).toBe('eip-b')
  })

  test("stays the claim's, which goes on by itself once it is free", () => {
    const story = takenAway()
    expect(story.cloudDoes('ns/web-0', { inUse: ['eip-a'] })).toEqual([])
    expect(story.claimOf('ns/web-0')).toMatchObject({ phase: 'Allocating', address: { id: 'eip-a' } })
    expect(settled(story, 'ns/web-0')).toMatchObject({ phase: 'Bound', generation: 1 })
  })

  test('is told to be gone when somebody released it', () => {
    const story = takenAway()
    const refused = [{ addressId: 'eip-a', reason: 'Unknown' } as const]
    expect(types(story.cloudDoes('ns/web-0', { refused }))).toEqual([
      'ListedAddressGivenBack',
      'ClaimClosed',
      'ClaimOpened',
      'RequestAccepted',
      'LookupDecided',
    ])
    story.cloudDoes('ns/web-0', { refused })
    expect(ready(story, 'ns/web-0').reason).toBe('Invalid')
    expect(reasons(story.log)).toEqual(['TookEip', 'EipGone', 'InvalidEipRequest'])
  })

  test('is let go by a claim whose Pod has ended meanwhile', () => {
    const story = takenAway()
    expect(types(story.ended('ns/web-0', 'a'))).toEqual(['CancellationDecided'])
    expect(types(story.cloudDoes('ns/web-0'))).toEqual(['ListedAddressGivenBack', 'ClaimClosed'])
  })
})
