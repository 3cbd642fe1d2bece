import { describe, expect, test } from 'vitest'
import { conditionsOfClaim } from '../src/status/conditions.ts'
import { tellStory } from './story.ts'

const key = 'default/web-0'
const kept = { attributes: '{}', deletePolicy: 'Never' }
const order = { cluster: 'cls-1', by: 'Ann' }
const place = { node: 'n1', privateIp: '10.0.0.5' }

function story() {
  const told = tellStory()
  told.node('n1')
  /** The order comes, and whoever gives it has all claims looked at. */
  const tearDown = () => {
    told.happen('TeardownOrdered', order)
    return told.revisit()
  }
  return { ...told, tearDown }
}

describe('a cluster that is torn down', () => {
  test('gives the EIP of a living Pod back, and says so to the Pod', () => {
    const { pod, cloudDoes, claimOf, tearDown, causeOfLast, world } = story()
    pod(key, 'uid-a', { ...place, request: kept })
    cloudDoes(key)
    cloudDoes(key)
    expect(tearDown()).toMatchObject([{ type: 'UnbindingDecided', data: { cause: 'Teardown' } }])
    expect(causeOfLast('UnbindingDecided', key).type).toBe('TeardownOrdered')
    expect(cloudDoes(key)).toMatchObject([{ type: 'ReleaseDecided', data: { cause: 'Teardown' } }])
    expect(cloudDoes(key).map(({ type }) => type)).toEqual(['ClaimClosed', 'ClaimOpened', 'RequestRefused'])
    const ready = conditionsOfClaim(claimOf(key)).find(({ type }) => type === 'Ready')!
    expect(ready).toMatchObject({ status: 'False', reason: 'ClusterTornDown' })
    expect(ready.message).toMatch(/^Cluster cls-1 was torn down by Ann at .*--cancel/)
    expect([...world.addresses.values()].every(({ releasedAt }) => releasedAt !== '')).toBe(true)
  })

  test('gives a Pod that comes later nothing, whatever it asks', () => {
    const { pod, tearDown } = story()
    tearDown()
    expect(pod(key, 'uid-a', place).map(({ type }) => type)).toEqual(['ClaimOpened', 'RequestRefused'])
    expect(pod(key, 'uid-a', { ...place, request: kept }).map(({ type }) => type)).toEqual(['RequestRefused'])
    expect(pod(key, 'uid-a', { ...place, request: kept })).toEqual([])
  })

  test('closes the claim of such a Pod once it ends', () => {
    const { pod, ended, tearDown, claimOf } = story()
    tearDown()
    pod(key, 'uid-a', place)
    ended(key, 'uid-a')
    expect(claimOf(key).phase).toBe('Released')
  })

  test('lets go of what is kept', () => {
    const { pod, ended, cloudDoes, tearDown } = story()
    pod(key, 'uid-a', { ...place, request: kept })
    cloudDoes(key)
    cloudDoes(key)
    ended(key, 'uid-a')
    cloudDoes(key)
    expect(tearDown()).toMatchObject([{ type: 'ReleaseDecided', data: { cause: 'Teardown' } }])
  })

  test("unbinds the user's own EIP and does not release it", () => {
    const { pod, cloudDoes, tearDown } = story()
    pod(key, 'uid-a', { ...place, request: { idList: 'eip-mine1234' } })
    cloudDoes(key)
    cloudDoes(key)
    expect(tearDown()).toMatchObject([{ type: 'UnbindingDecided', data: { source: 'listed' } }])
    expect(cloudDoes(key).map(({ type }) => type)).toContain('ListedAddressGivenBack')
  })

  test('calls off an allocation that is under way, and gives back what it brings', () => {
    const { pod, cloudDoes, tearDown } = story()
    pod(key, 'uid-a', place)
    expect(tearDown()).toMatchObject([{ type: 'CancellationDecided', data: { cause: 'Teardown' } }])
    expect(cloudDoes(key)).toMatchObject([{ type: 'ReleaseDecided', data: { cause: 'Teardown' } }])
  })

  test('is not stopped by a guard', () => {
    const told = tellStory({
      ...{ claimExpiredMs: null, cascade: false },
      guard: {
        windowMs: 600_000,
        missedCount: 0,
        missedShare: 0,
        releases: 1,
        releasedShare: null,
        fewReleases: 10,
      },
    })
    told.node('n1', 48)
    for (const name of ['a', 'b', 'c']) {
      told.pod(`default/${name}`, `uid-${name}`)
      told.cloudDoes(`default/${name}`)
    }
    told.happen('TeardownOrdered', order)
    expect(told.revisit().map(({ type }) => type)).toEqual(Array(3).fill('ReleaseDecided'))
  })

  test('goes on as before when the order is taken back', () => {
    const { pod, tearDown, happen, revisit, cloudDoes, claimOf } = story()
    tearDown()
    pod(key, 'uid-a', place)
    happen('TeardownCancelled', order)
    expect(revisit().map(({ type }) => type)).toEqual(['RequestAccepted', 'AllocationDecided'])
    cloudDoes(key)
    cloudDoes(key)
    expect(claimOf(key).phase).toBe('Bound')
  })

  test('an EIPClaim that is deleted then is closed and tells it anew', () => {
    const { pod, tearDown, happen } = story()
    tearDown()
    pod(key, 'uid-a', place)
    const deletion = { claim: key, objectUid: 'o-1', namespaceTerminating: false, collectedWith: null }
    expect(happen('EipClaimDeletionRequested', deletion).map(({ type }) => type)).toEqual([
      ...['ClaimClosed', 'ClaimOpened', 'RequestRefused'],
    ])
  })
})
