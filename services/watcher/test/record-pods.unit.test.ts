import { describe, expect, test } from 'vitest'
import type { SeenPod } from '../src/project/project-pod.ts'
import type { KnownPod, PodBelief } from '../src/record/pod-belief.ts'
import { recordPodChange, recordPodList } from '../src/record/record-pods.ts'

const request = { attributes: '{}' }
const claim = 'default/web-0'

function seen(facts: Partial<SeenPod> & { rv?: number } = {}): SeenPod {
  const { rv = 20, ...rest } = facts
  return {
    ...{ claim, uid: 'a', resourceVersion: String(rv), request, hostNetwork: false, node: null },
    ...{
      privateIp: null,
      controller: null,
      terminating: false,
      createdAt: '2026-01-01T00:00:00Z',
      end: null,
    },
    ...rest,
  }
}

function believing(pod?: Partial<KnownPod> & { rv?: number }): PodBelief {
  if (!pod) return new Map()
  const { rv = 10, ...rest } = pod
  const known = { uid: 'a', resourceVersion: String(rv), request, hostNetwork: false, node: null }
  return new Map([
    [
      claim,
      {
        ...known,
        privateIp: null,
        controller: null,
        owner: null,
        terminating: false,
        missedVersion: null,
        ...rest,
      },
    ],
  ])
}

/** Events in short: `PodObserved a`, `PodEnded a Deleted`. */
function short(events: ReturnType<typeof recordPodChange>): string[] {
  return events.map(({ type, data }) =>
    [type, 'podUid' in data && data.podUid, 'reason' in data && data.reason].filter(Boolean).join(' '),
  )
}

const ended = { reason: 'Succeeded' as const }
const missed = (missedVersion: number) => believing({ missedVersion: String(missedVersion) })

describe('a change', () => {
  test.each<[string, PodBelief, 'MODIFIED' | 'DELETED', SeenPod, string[]]>([
    ['a Pod that asks is new', believing(), 'MODIFIED', seen(), ['PodObserved a']],
    ['a Pod that asks for nothing is unknown', believing(), 'MODIFIED', seen({ request: null }), []],
    ['a Pod is over before it was known', believing(), 'MODIFIED', seen({ end: ended }), []],
    ['an unknown Pod is deleted', believing(), 'DELETED', seen(), []],
    ['nothing that matters changed', believing({}), 'MODIFIED', seen(), []],
    ['its node is known', believing({}), 'MODIFIED', seen({ node: 'n1' }), ['PodObserved a']],
    ['it has an IP', believing({}), 'MODIFIED', seen({ privateIp: '10.0.0.9' }), ['PodObserved a']],
    ['it is to go', believing({}), 'MODIFIED', seen({ terminating: true }), ['PodObserved a']],
    [
      'it asks for more',
      believing({}),
      'MODIFIED',
      seen({ request: { attributes: '{"Bandwidth":"9"}' } }),
      ['PodObserved a'],
    ],
    ['it no longer asks', believing({}), 'MODIFIED', seen({ request: null }), ['PodObserved a']],
    ['it is seen as it was before', believing({ rv: 30 }), 'MODIFIED', seen({ node: 'n1' }), []],
    ['it succeeded', believing({}), 'MODIFIED', seen({ end: ended }), ['PodEnded a Succeeded']],
    [
      'it was evicted',
      believing({}),
      'MODIFIED',
      seen({ end: { reason: 'Evicted' } }),
      ['PodEnded a Evicted'],
    ],
    ['it is deleted', believing({}), 'DELETED', seen(), ['PodEnded a Deleted']],
    ['it was missed, and changes later', missed(15), 'MODIFIED', seen(), ['PodFoundAgain a']],
    ['it was missed after this change', missed(25), 'MODIFIED', seen(), []],
    ['it was missed, and its deletion is seen', missed(25), 'DELETED', seen(), ['PodEnded a Deleted']],
    ['it is deleted after its end', believing({}), 'DELETED', seen({ end: ended }), ['PodEnded a Succeeded']],
    [
      'another took its name',
      believing({}),
      'MODIFIED',
      seen({ uid: 'b' }),
      ['PodEnded a Replaced', 'PodObserved b'],
    ],
    [
      'another took its name and asks for nothing',
      believing({}),
      'MODIFIED',
      seen({ uid: 'b', request: null }),
      ['PodEnded a Replaced'],
    ],
    ['another took its name and went', believing({}), 'DELETED', seen({ uid: 'b' }), ['PodEnded a Replaced']],
    [
      'one that had its name before is shown again',
      believing({ rv: 30 }),
      'MODIFIED',
      seen({ uid: 'b' }),
      [],
    ],
    [
      'the end of one that had its name before is shown again',
      believing({ rv: 30 }),
      'DELETED',
      seen({ uid: 'b' }),
      [],
    ],
  ])('%s', (_, belief, type, object, expected) => {
    expect(short(recordPodChange(belief, { type, object }))).toEqual(expected)
    // Whatever was recorded is believed: the same again adds nothing.
    expect(short(recordPodChange(belief, { type, object }))).toEqual([])
  })

  test('says in full what it saw', () => {
    const object = seen({ node: 'n1', privateIp: '10.0.0.9', hostNetwork: true })
    expect(recordPodChange(believing(), { type: 'ADDED', object })).toEqual([
      {
        type: 'PodObserved',
        data: {
          ...{ claim, podUid: 'a', resourceVersion: '20', request, hostNetwork: true, node: 'n1' },
          ...{
            privateIp: '10.0.0.9',
            controller: null,
            owner: null,
            terminating: false,
            createdAt: '2026-01-01T00:00:00Z',
          },
        },
      },
    ])
  })
})

describe('a complete list', () => {
  const list = (resourceVersion: number, ...items: SeenPod[]) => ({
    items,
    resourceVersion: String(resourceVersion),
  })
  test.each<[string, PodBelief, ReturnType<typeof list>, string[]]>([
    ['shows a new Pod', believing(), list(50, seen()), ['PodObserved a']],
    ['shows what is known', believing({}), list(50, seen()), []],
    ['lacks a Pod that lived', believing({}), list(50), ['PodEnded a Missed']],
    ['lacks a Pod that was recorded later', believing({ rv: 60 }), list(50), []],
    [
      'lacks a Pod that was recorded at its very version',
      believing({ rv: 50 }),
      list(50),
      ['PodEnded a Missed'],
    ],
    [
      'shows another under its name',
      believing({}),
      list(50, seen({ uid: 'b' })),
      ['PodEnded a Replaced', 'PodObserved b'],
    ],
    ['shows one that a later Pod has replaced', believing({ rv: 60 }), list(50, seen({ uid: 'b' })), []],
    ['shows its end', believing({}), list(50, seen({ end: ended })), ['PodEnded a Succeeded']],
    ['lacks a Pod again', missed(40), list(50), []],
    ['shows a Pod that an earlier one lacked', missed(40), list(50, seen()), ['PodFoundAgain a']],
    [
      'shows the end of one that was missed',
      missed(40),
      list(50, seen({ end: ended })),
      ['PodEnded a Succeeded'],
    ],
    ['is older than the one that lacked a Pod', missed(60), list(50, seen()), []],
  ])('%s', (_, belief, given, expected) => {
    expect(short(recordPodList(belief, given))).toEqual(expected)
    expect(short(recordPodList(belief, given))).toEqual([])
  })

  test('compares resourceVersions as numbers', () => {
    expect(short(recordPodList(believing({ rv: 9 }), list(10)))).toEqual(['PodEnded a Missed'])
    expect(short(recordPodList(believing({ rv: 10 }), list(9)))).toEqual([])
  })
})
