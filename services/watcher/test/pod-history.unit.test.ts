import { type DomainEvent, emptyWorld, foldEvent, livePod } from '@pod-eip/domain'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SeenPod } from '../src/project/project-pod.ts'
import { type ClusterEvent, seenEvent } from '../src/record/cluster-event.ts'
import { foldPodEvent, type PodBelief, podBeliefOf } from '../src/record/pod-belief.ts'
import { recordPodChange, recordPodList } from '../src/record/record-pods.ts'
import { type Deed, podHistory } from './testing/pod-history.ts'

/** What a watcher does next, if it can. */
type Move =
  /** Handles so many changes; the last append may be lost with the process. */
  | { move: 'watch'; watcher: number; frames: number; dies: boolean }
  | { move: 'readList'; watcher: number }
  /** Compares the list that it read, which may be old by now. */
  | { move: 'compareList'; watcher: number; lag: number; dies: boolean }
  | { move: 'restart'; watcher: number; lag: number }
type Step = { deed: Deed } | Move

const name = fc.nat(1)
const does = <K extends Deed['do']>(kind: K) => fc.record({ do: fc.constant(kind), name })
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      name,
      asks: fc.nat(3).map((n) => n > 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('annotate' as const),
      name,
      request: fc.constantFrom(null, { attributes: '{}' }, { attributes: '{"Bandwidth":"5"}' }),
    }),
  },
  { weight: 2, arbitrary: does('start') },
  { weight: 1, arbitrary: does('schedule') },
  { weight: 1, arbitrary: does('touch') },
  { weight: 1, arbitrary: does('delete') },
  { weight: 4, arbitrary: does('remove') },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('finish' as const),
      name,
      as: fc.constantFrom('Succeeded', 'Evicted'),
    }),
  },
)
const moveOf = (watchers: number): fc.Arbitrary<Move> => {
  const watcher = fc.nat(watchers - 1)
  const lag = fc.nat(8)
  const dies = fc.nat(4).map((n) => n === 0)
  return fc.oneof(
    fc.record({
      ...{ move: fc.constant('watch' as const), watcher },
      ...{ frames: fc.integer({ min: 1, max: 5 }), dies },
    }),
    fc.record({ move: fc.constant('readList' as const), watcher }),
    fc.record({ move: fc.constant('compareList' as const), watcher, lag, dies }),
    fc.record({ move: fc.constant('restart' as const), watcher, lag }),
  )
}
const stepsOf = (watchers: number) =>
  fc.array(fc.oneof({ weight: 2, arbitrary: deed.map((d): Step => ({ deed: d })) }, moveOf(watchers)), {
    minLength: 20,
    maxLength: 80,
    size: 'max',
  })

/** Watchers over one history and one log, moved by hand. */
function scene(watcherCount: number) {
  const history = podHistory()
  const log: DomainEvent[] = []
  const keys = new Set<string>()
  let saved: number | null = null
  const watchers = Array.from({ length: watcherCount }, () => ({
    belief: new Map() as PodBelief,
    position: null as number | null,
    list: null as ReturnType<typeof history.list> | null,
  }))

  /** Claims as the projector has them, so many events behind the end of the log. */
  function claims(lag = 0) {
    const world = emptyWorld()
    for (const event of log.slice(0, log.length - lag)) foldEvent(world, event)
    return world.claims.values()
  }
  function load(lag: number): PodBelief {
    const belief = podBeliefOf(claims(Math.min(lag, log.length)))
    // From before where the models stand: what lies in both must fold to the same.
    for (const event of log.slice(Math.max(0, log.length - 2 * lag)))
      foldPodEvent(belief, event as ClusterEvent)
    return belief
  }
  function append(events: ClusterEvent[], position: number): void {
    const now = '2026-01-01T00:00:00Z'
    for (const event of events) {
      if (event.type === 'PodEnded') expect(history.lives(event.data.podUid)).toBe(false)
      const { dedupeKey, correlationId } = seenEvent(event, now)
      if (keys.has(dedupeKey!)) continue
      keys.add(dedupeKey!)
      log.push({ ...event, position: log.length + 1, occurredAt: now, correlationId } as DomainEvent)
    }
    saved = position
  }

  function watch(index: number, limit: number, dies: boolean) {
    const watcher = watchers[index]!
    if (watcher.position === null) return
    // Who watches on from its position has no list to compare; another watcher may still have an old one.
    watcher.list = null
    const frames = history.framesAfter(watcher.position, limit)
    const events = frames.flatMap((frame) => recordPodChange(watcher.belief, frame))
    if (dies) return restart(index, 0)
    watcher.position = Number(frames.at(-1)?.object.resourceVersion ?? watcher.position)
    append(events, watcher.position)
  }
  function compareList(index: number, lag: number, dies: boolean) {
    const watcher = watchers[index]!
    if (!watcher.list) return
    watcher.belief = load(lag)
    const events = recordPodList(watcher.belief, watcher.list)
    watcher.position = Number(watcher.list.resourceVersion)
    watcher.list = null
    if (dies) return restart(index, lag)
    append(events, watcher.position)
  }
  function restart(index: number, lag: number): void {
    watchers[index] = { belief: load(lag), position: saved, list: null }
  }

  return {
    history,
    log,
    load,
    beliefOf: (index: number) => watchers[index]!.belief,
    step(step: Step) {
      if ('deed' in step) return history.happen(step.deed)
      switch (step.move) {
        case 'watch':
          return watch(step.watcher, step.frames, step.dies)
        case 'readList':
          watchers[step.watcher]!.list = history.list()
          return
        case 'compareList':
          return compareList(step.watcher, step.lag, step.dies)
        case 'restart':
          return restart(step.watcher, step.lag)
      }
    },
    /** The rest of the history by watching alone where there is a position, else by a list. */
    catchUp(index: number) {
      if (watchers[index]!.position === null) return this.relist(index)
      watch(index, Number.POSITIVE_INFINITY, false)
    },
    relist(index: number) {
      watchers[index]!.list = history.list()
      compareList(index, 0, false)
    },
    /** Living Pods that ask, as the claims in the log have them. */
    recorded: () =>
      facts([...claims()].flatMap((claim) => livePod(claim) ?? []).filter((pod) => pod.request !== null)),
    /** The same, as they are. */
    truth: () =>
      facts([...history.podsAt(history.head()).values()].filter((pod) => pod.request !== null && !pod.end)),
  }
}

function facts(pods: Pick<SeenPod, 'uid' | 'request' | 'node' | 'privateIp' | 'terminating'>[]) {
  return pods
    .map(({ uid, request, node, privateIp, terminating }) => ({ uid, request, node, privateIp, terminating }))
    .sort((a, b) => (a.uid < b.uid ? -1 : 1))
}

test('one watcher, cut off, killed and restarted at will, comes to know what is so', () => {
  fc.assert(
    fc.property(stepsOf(1), (steps) => {
      const one = scene(1)
      for (const step of steps) one.step(step)
      one.catchUp(0)
      expect(one.recorded()).toEqual(one.truth())
      expect(one.load(0)).toEqual(one.beliefOf(0))
    }),
    { numRuns: 500 },
  )
})

test('two watchers never end a Pod that lives, and after a complete list the log is right', () => {
  fc.assert(
    fc.property(stepsOf(2), (steps) => {
      const two = scene(2)
      for (const step of steps) two.step(step)
      two.relist(0)
      two.catchUp(1)
      expect(two.recorded()).toEqual(two.truth())
    }),
    { numRuns: 500 },
  )
})

test('a restart in a quiet cluster records nothing', () => {
  fc.assert(
    fc.property(stepsOf(1), fc.nat(8), (steps, lag) => {
      const one = scene(1)
      for (const step of steps) one.step(step)
      one.catchUp(0)
      const before = one.log.length
      one.step({ move: 'restart', watcher: 0, lag })
      one.catchUp(0)
      one.step({ move: 'readList', watcher: 0 })
      one.step({ move: 'compareList', watcher: 0, lag, dies: false })
      // But for the proof of an end that was only missed before.
      const proved = ({ type, data }: (typeof one.log)[number]) =>
        type === 'PodEnded' &&
        data.reason !== 'Missed' &&
        one.log
          .slice(0, before)
          .some((e) => e.type === 'PodEnded' && e.data.podUid === data.podUid && e.data.reason === 'Missed')
      expect(one.log.slice(before).filter((event) => !proved(event))).toEqual([])
    }),
    { numRuns: 300 },
  )
})
