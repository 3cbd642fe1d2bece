import { describe, expect, test } from 'vitest'
import {
  describeClaim,
  type EventData,
  emptyWorld,
  foldEvent,
  type ObjectRef,
  type OwnerEnd,
} from '../src/index.ts'
import { tellStory } from './story.ts'

const key = 'ns/web-0'
const placed = { node: 'n1', privateIp: '10.0.0.5' }
const kept = { request: { attributes: '{}', deletePolicy: 'Never' } }
const statefulSet = (uid = 'sts'): ObjectRef => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  name: 'web',
  uid,
})
const on = { claimExpiredMs: null, cascade: true }
const off = { claimExpiredMs: null, cascade: false }

/** A static claim that is bound to Pod `a` of StatefulSet `sts`. */
function boundPod(settings = on, facts: Partial<EventData['PodObserved']> = {}) {
  const story = tellStory(settings)
  const owned = (owner: ObjectRef | null) => ({ controller: owner, owner })
  story.node('n1')
  const told = {
    ...story,
    pod: (uid: string, owner: ObjectRef | null, more: Partial<EventData['PodObserved']> = {}) =>
      story.pod(key, uid, { ...placed, ...kept, ...owned(owner), ...more }),
    podEnds: (uid = 'a') => story.ended(key, uid),
    ownerEnds: (uid = 'sts', reason: OwnerEnd = 'Deleted') =>
      story.happen('OwnerEnded', { owner: statefulSet(uid), namespace: 'ns', reason }),
    objectDeleted: (facts: Partial<EventData['EipClaimDeletionRequested']> = {}) =>
      story.happen('EipClaimDeletionRequested', {
        ...{ claim: key, objectUid: 'o', namespaceTerminating: false, collectedWith: 'sts' },
        ...facts,
      }),
    cloudDoes: () => story.cloudDoes(key),
    claim: () => story.claimOf(key),
  }
  told.pod('a', statefulSet(), facts)
  told.cloudDoes()
  told.cloudDoes()
  expect(told.claim().phase).toBe('Bound')
  return told
}

/** One whose Pod has ended. */
function retained(settings = on) {
  const story = boundPod(settings)
  story.podEnds()
  story.cloudDoes()
  expect(story.claim().phase).toBe('Retained')
  return story
}

const causes = (events: { type: string; data: object }[]) =>
  events.map(({ type, data }) => ('cause' in data ? `${type} ${data.cause}` : type))

describe('a static claim whose owner ends', () => {
  test('gives its EIP back, and says why', () => {
    const story = retained()
    expect(causes(story.ownerEnds())).toEqual(['ReleaseDecided OwnerEnded'])
    const ready = describeClaim(story.claim()).status.conditions.at(-1)
    expect(ready?.message).toMatch(/is being released because its Pod's workload was deleted\.$/)
    expect(causes(story.cloudDoes())).toEqual(['ClaimClosed OwnerEnded'])
  })

  test('without the setting keeps it', () => {
    const story = retained(off)
    expect(story.ownerEnds()).toEqual([])
    expect(story.claim().phase).toBe('Retained')
  })

  test('gives it back when the setting is switched on later, and no more once it is switched off', () => {
    const story = retained(off)
    story.ownerEnds()
    expect(causes(story.restart(on))).toEqual(['ReleaseDecided OwnerEnded'])

    const other = boundPod(on)
    other.restart(off)
    other.ownerEnds()
    other.podEnds()
    expect(causes(other.cloudDoes())).toEqual(['ClaimRetained'])
  })

  test('v3.3.6: an IP is never released before its Pod, however long that takes to end', () => {
    const story = boundPod()
    expect(story.ownerEnds()).toEqual([])
    expect(story.claim().phase).toBe('Bound')
    // The garbage collector takes the EIPClaim as soon as the owner is gone; the Pod drains for hours.
    story.pod('a', statefulSet(), { terminating: true })
    expect(story.objectDeleted()).toEqual([])
    story.wait(6 * 3_600_000)
    expect(story.node('n1')).toEqual([])
    expect(story.claim()).toMatchObject({ phase: 'Bound', intent: null })
    expect(causes(story.podEnds())).toEqual(['UnbindingDecided PodEnded'])
    expect(causes(story.cloudDoes())).toEqual(['ReleaseDecided OwnerEnded'])
    expect(causes(story.cloudDoes())).toEqual(['ClaimClosed OwnerEnded'])
    expect(story.claim().answeredDeletion).toBe('o')
  })

  test('v3.3.6: nor when its EIPClaim is collected while the Pod is not even asked to go', () => {
    const story = boundPod()
    story.ownerEnds()
    expect(story.objectDeleted()).toMatchObject([{ type: 'ReclaimDeclined', data: { reason: 'PodAlive' } }])
    expect(story.claim()).toMatchObject({ phase: 'Bound', unnamedOwner: 'sts' })
  })

  test('keeps it for a Pod of another owner that came before the end was known', () => {
    const story = retained()
    story.pod('b', statefulSet('anew'))
    expect(story.ownerEnds()).toEqual([])
    expect(story.claim()).toMatchObject({ owner: { uid: 'anew' }, address: { id: 'eip-id-1' } })
    story.cloudDoes()
    story.podEnds('b')
    story.cloudDoes()
    expect(story.claim().phase).toBe('Retained')
    expect(causes(story.ownerEnds('anew'))).toEqual(['ReleaseDecided OwnerEnded'])
  })

  test('keeps it when the owner left what it owns', () => {
    const story = retained()
    expect(story.ownerEnds('sts', 'Orphaning')).toEqual([])
    expect(story.ownerEnds('sts', 'Deleted')).toEqual([])
    expect(story.claim().phase).toBe('Retained')
  })

  test('gives it back when the end was missed, and found out by a list', () => {
    expect(causes(retained().ownerEnds('sts', 'Missed'))).toEqual(['ReleaseDecided OwnerEnded'])
  })

  test('gives it back when the end was told before the Pod', () => {
    const story = tellStory(on)
    story.node('n1')
    story.happen('OwnerEnded', { owner: statefulSet(), namespace: 'ns', reason: 'Deleted' })
    story.pod(key, 'a', { ...placed, ...kept, controller: statefulSet(), owner: statefulSet() })
    story.cloudDoes(key)
    story.cloudDoes(key)
    story.ended(key, 'a')
    expect(causes(story.cloudDoes(key))).toEqual(['ReleaseDecided OwnerEnded'])
  })

  test('keeps it when its workload has another owner on top by now', () => {
    const story = retained()
    const above = { apiVersion: 'example.com/v1', kind: 'Game', name: 'go', uid: 'game' }
    story.happen('OwnerChanged', { claim: key, podUid: 'a', formerUid: 'sts', owner: above })
    expect(story.ownerEnds()).toEqual([])
    expect(story.claim()).toMatchObject({ phase: 'Retained', owner: above })
    // What was found out about a former owner says nothing about the present one.
    story.happen('OwnerChanged', { claim: key, podUid: 'a', formerUid: 'sts', owner: statefulSet('x') })
    expect(story.claim().owner).toEqual(above)
  })

  test('gives back an EIP that comes only after Pod and owner have ended', () => {
    const story = tellStory(on)
    story.pod(key, 'a', { ...kept, controller: statefulSet(), owner: statefulSet() })
    story.ended(key, 'a')
    story.happen('OwnerEnded', { owner: statefulSet(), namespace: 'ns', reason: 'Deleted' })
    expect(causes(story.cloudDoes(key))).toEqual(['ReleaseDecided OwnerEnded'])
  })
})

test('a claim that is not static ends with its Pod, whatever becomes of the owner', () => {
  const story = boundPod(on, { request: { attributes: '{}' } })
  expect(story.ownerEnds()).toEqual([])
  story.podEnds()
  expect(causes(story.cloudDoes())).toEqual(['ReleaseDecided PodEnded'])
})

test('a Pod on its own has no owner whose end could matter', () => {
  const story = boundPod(on, { controller: null, owner: null })
  story.ownerEnds()
  story.podEnds()
  expect(causes(story.cloudDoes())).toEqual(['ClaimRetained'])
})

describe('an EIPClaim that Kubernetes deletes with its owner', () => {
  test('is no wish of anybody where EIPs do not go with their owners', () => {
    const story = retained(off)
    story.ownerEnds()
    expect(story.objectDeleted()).toMatchObject([{ type: 'ReclaimDeclined', data: { reason: 'Collected' } }])
    expect(story.claim()).toMatchObject({ phase: 'Retained', deletion: null, unnamedOwner: 'sts' })
    // The object that came back is deleted by a person.
    expect(causes(story.objectDeleted({ objectUid: 'p', collectedWith: null }))).toEqual([
      'ReleaseDecided ManualReclaim',
    ])
  })

  test('nor where the owner left what it owns', () => {
    const story = retained()
    story.ownerEnds('sts', 'Orphaning')
    expect(story.objectDeleted()).toMatchObject([{ type: 'ReclaimDeclined' }])
    expect(story.claim().phase).toBe('Retained')
  })

  test('waits while the owner waits for it, in a foreground deletion, and goes with it', () => {
    const story = boundPod()
    expect(story.objectDeleted()).toEqual([])
    story.pod('a', statefulSet(), { terminating: true })
    story.podEnds()
    expect(causes(story.cloudDoes())).toEqual(['ClaimRetained'])
    expect(causes(story.ownerEnds())).toEqual(['ReleaseDecided OwnerEnded'])
    expect(causes(story.cloudDoes())).toEqual(['ClaimClosed OwnerEnded'])
    expect(story.claim().answeredDeletion).toBe('o')
  })

  test('comes back when the Pod belongs to another owner by now', () => {
    const story = boundPod()
    expect(story.objectDeleted()).toEqual([])
    expect(story.pod('a', statefulSet('anew'))).toMatchObject([
      { type: 'ReclaimDeclined', data: { reason: 'Collected' } },
    ])
    expect(story.claim().phase).toBe('Bound')
  })

  test('gives the EIP back with the namespace', () => {
    const story = retained(off)
    expect(causes(story.objectDeleted({ namespaceTerminating: true }))).toEqual([
      'ReleaseDecided ManualReclaim',
    ])
  })
})

test('a replay knows the same owners and claims', () => {
  const story = retained()
  story.ownerEnds()
  story.cloudDoes()
  const again = emptyWorld()
  for (const event of story.log) foldEvent(again, event)
  expect(again).toEqual(story.world)
})
