import { describe, expect, test } from 'vitest'
import { describeClaim, type GuardSettings } from '../src/index.ts'
import { tellStory } from './story.ts'

const settings: GuardSettings = {
  windowMs: 600_000,
  missedCount: 2,
  missedShare: 0.3,
  releases: null,
  releasedShare: null,
  fewReleases: 2,
}

/** Pods `default/p-0` and on, each Bound; the guard lets two be missed, or three of ten. */
function boundPods(count: number, guard: Partial<GuardSettings> = {}) {
  const story = tellStory({ claimExpiredMs: null, cascade: false, guard: { ...settings, ...guard } })
  const claims = Array.from({ length: count }, (_, i) => `default/p-${i}`)
  story.node('n1', 64 * 12)
  for (const [i, claim] of claims.entries()) {
    story.node(`n${i}`, 4)
    story.pod(claim, `uid-${claim}`, { node: `n${i}`, privateIp: `10.0.0.${i}` })
    story.cloudDoes(claim)
    story.cloudDoes(claim)
    expect(story.claimOf(claim).phase).toBe('Bound')
  }
  return {
    ...story,
    claims,
    missed: (claim: string, listVersion = '100000') =>
      story.happen('PodEnded', { claim, podUid: `uid-${claim}`, reason: 'Missed', listVersion }),
    foundAgain: (claim: string, resourceVersion = '100001') => {
      const { pod, owner } = story.claimOf(claim)
      const { ended: _, correlationId: __, uid: podUid, ...facts } = pod!
      return story.happen('PodFoundAgain', {
        ...{ ...facts, owner, claim, podUid, resourceVersion },
        ...{ createdAt: '2026-01-01T00:00:00Z', missedVersion: '100000' },
      })
    },
    phases: () => claims.map((claim) => story.claimOf(claim).phase),
    guard: (name: 'absence' | 'releases' = 'absence') => story.world.guards.get(name)!,
    answer: (word: 'GuardConfirmed' | 'GuardDenied', guard: 'absence' | 'releases' = 'absence') =>
      story.happen(word, { guard, upTo: story.log.length, by: 'bob' }),
  }
}

describe('Pods that a list lacks', () => {
  test('few give their EIPs back, as do many that are seen to end', () => {
    const story = boundPods(10)
    for (const claim of story.claims.slice(0, 3)) story.missed(claim)
    for (const claim of story.claims.slice(3)) story.ended(claim, `uid-${claim}`)
    expect(new Set(story.phases())).toEqual(new Set(['Unbinding']))
    expect(story.guard().closed).toBeNull()
  })

  test('more than count and share are held, and say why', () => {
    const story = boundPods(10)
    for (const claim of story.claims.slice(0, 3)) story.missed(claim)
    expect(story.missed('default/p-3').map((e) => e.type)).toEqual(['GuardClosed', 'ReclaimHeld'])
    expect(story.missed('default/p-4').map((e) => e.type)).toEqual(['ReclaimHeld'])
    expect(story.phases().slice(0, 6)).toEqual([
      'Unbinding',
      'Unbinding',
      'Unbinding',
      'Bound',
      'Bound',
      'Bound',
    ])
    expect(story.guard().closed).toMatchObject({ count: 4, livePods: 6 })
    expect(story.guard().held.map((h) => h.claim)).toEqual(['default/p-3', 'default/p-4'])
    const ready = describeClaim(story.claimOf('default/p-4')).status.conditions.find(
      (c) => c.type === 'Ready',
    )
    expect(ready).toMatchObject({
      reason: 'ReclaimHeld',
      message: expect.stringContaining('eipctl guard confirm absence'),
    })
  })

  test('those that were missed before the window are not counted', () => {
    const story = boundPods(10)
    for (const claim of story.claims.slice(0, 3)) story.missed(claim)
    story.wait(11 * 60_000)
    for (const claim of story.claims.slice(3, 5)) story.missed(claim)
    expect(story.phases().slice(0, 5)).toEqual(Array(5).fill('Unbinding'))
  })

  test('an operator confirms: what was held then goes on, what is held later waits for another word', () => {
    const story = boundPods(10)
    for (const claim of story.claims.slice(0, 6)) story.missed(claim)
    const upTo = story.log.length
    story.missed('default/p-6')
    story.happen('GuardConfirmed', { guard: 'absence', upTo, by: 'bob' })
    expect(story.phases().slice(0, 7)).toEqual([...Array(6).fill('Unbinding'), 'Bound'])
    expect(story.guard().held.map((h) => h.claim)).toEqual(['default/p-6'])
    expect(story.guard().closed).not.toBeNull()
    story.answer('GuardConfirmed')
    expect(story.phases()[6]).toBe('Unbinding')
    expect(story.guard().closed).toBeNull()
  })

  test('an operator denies: the claims live on, and a real end gives their EIPs back', () => {
    const story = boundPods(10)
    for (const claim of story.claims) story.missed(claim)
    story.answer('GuardDenied')
    expect(story.phases().filter((phase) => phase === 'Bound')).toHaveLength(7)
    expect(story.guard()).toMatchObject({ closed: null, held: [], livePods: 7 })
    expect(story.claimOf('default/p-9').hold).toBeNull()
    // The three that went before he said so were too many already.
    story.missed('default/p-8', '100002')
    expect(story.claimOf('default/p-8').hold).not.toBeNull()
    story.ended('default/p-9', 'uid-default/p-9')
    expect(story.claimOf('default/p-9').phase).toBe('Unbinding')
  })

  test('seen again, they keep their EIPs; also one whose EIP was being given back gets one again', () => {
    const story = boundPods(10)
    for (const claim of story.claims) story.missed(claim)
    for (const claim of story.claims) story.foundAgain(claim)
    expect(story.guard()).toMatchObject({ closed: null, held: [], livePods: 10 })
    expect(story.phases().slice(3)).toEqual(Array(7).fill('Bound'))
    story.cloudDoes('default/p-0')
    story.cloudDoes('default/p-0')
    expect(story.claimOf('default/p-0').phase).toBe('Bound')
    // The three that went count still; two of them are on their way already.
    for (const claim of story.claims) story.missed(claim, '100002')
    expect(story.guard().held).toHaveLength(8)
  })

  test('an older sight of a Pod, and an older list without it, say nothing', () => {
    const story = boundPods(4)
    story.missed('default/p-0', '90')
    expect(story.claimOf('default/p-0').phase).toBe('Bound')
    story.missed('default/p-0')
    story.foundAgain('default/p-0', '99999')
    expect(story.claimOf('default/p-0').pod?.ended?.reason).toBe('Missed')
  })

  test('what is seen late of a missed Pod proves no life, and is known of it once an operator says that it lives', () => {
    const story = boundPods(6)
    for (const claim of story.claims) story.missed(claim)
    const late = { resourceVersion: '99999', node: 'n5', privateIp: '10.0.9.9' }
    story.pod('default/p-5', 'uid-default/p-5', late)
    expect(story.claimOf('default/p-5')).toMatchObject({ pod: { ended: { reason: 'Missed' } } })
    story.answer('GuardDenied')
    expect(story.claimOf('default/p-5').pod).toMatchObject({ privateIp: '10.0.9.9', ended: null })
  })

  test('a held claim whose Pod is seen to end, or replaced, goes on without a word', () => {
    const story = boundPods(6)
    for (const claim of story.claims) story.missed(claim)
    story.ended('default/p-4', 'uid-default/p-4')
    story.pod('default/p-5', 'another', { resourceVersion: '200000', node: 'n5', privateIp: '10.0.9.9' })
    expect(story.phases().slice(4)).toEqual(['Unbinding', 'Unbinding'])
    expect(story.guard().held.map((h) => h.claim)).toEqual(['default/p-2', 'default/p-3'])
  })
})

test('a limit on all releases holds what goes beyond it, until an operator confirms', () => {
  const story = boundPods(5, { releases: 2 })
  for (const claim of story.claims) {
    story.ended(claim, `uid-${claim}`)
    story.cloudDoes(claim)
  }
  expect(story.phases()).toEqual(['Releasing', 'Releasing', 'Allocated', 'Allocated', 'Allocated'])
  expect(story.guard('releases').held).toHaveLength(3)
  story.answer('GuardConfirmed', 'releases')
  expect(new Set(story.phases())).toEqual(new Set(['Releasing']))
  expect(story.guard('releases').closed).toBeNull()
})

describe('a limit on the share that is released', () => {
  const end = (story: ReturnType<typeof boundPods>, claims: string[]) => {
    for (const claim of claims) {
      story.ended(claim, `uid-${claim}`)
      story.cloudDoes(claim)
    }
  }

  test('is one of the EIPs that there were when the window began, and holds what goes beyond it', () => {
    const story = boundPods(10, { releasedShare: 0.4 })
    end(story, story.claims.slice(0, 4))
    expect(story.phases().slice(0, 5)).toEqual([...Array(4).fill('Releasing'), 'Bound'])
    end(story, story.claims.slice(4, 6))
    expect(story.phases().slice(4, 6)).toEqual(['Allocated', 'Allocated'])
    expect(story.guard('releases')).toMatchObject({ closed: { count: 4 }, heldEips: 6 })
    story.answer('GuardConfirmed', 'releases')
    expect(story.phases().slice(4, 6)).toEqual(['Releasing', 'Releasing'])
  })

  test('is none for few EIPs', () => {
    const story = boundPods(2, { releasedShare: 0.1 })
    end(story, story.claims)
    expect(story.phases()).toEqual(['Releasing', 'Releasing'])
  })

  test('does not count EIPs that are gone', () => {
    const story = boundPods(5, { releasedShare: 0.4 })
    end(story, story.claims.slice(0, 2))
    for (const claim of story.claims.slice(0, 2)) story.cloudDoes(claim)
    story.wait(11 * 60_000)
    end(story, story.claims.slice(2))
    expect(story.phases()).toEqual(['Released', 'Released', 'Releasing', 'Releasing', 'Allocated'])
  })
})

test('by default eleven missed Pods of thirty-six go, and of thirty they are held', () => {
  for (const [pods, held] of [
    [37, 0],
    [30, 1],
  ] as const) {
    const story = tellStory()
    for (let i = 0; i < pods; i++) story.pod(`default/p-${i}`, `u-${i}`)
    for (let i = 0; i < 11; i++) {
      story.happen('PodEnded', {
        claim: `default/p-${i}`,
        podUid: `u-${i}`,
        reason: 'Missed',
        listVersion: '9999',
      })
    }
    expect(story.world.guards.get('absence')!.held).toHaveLength(held)
  }
})
