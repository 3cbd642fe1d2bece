import { createMemoryWorkTurn, type QueueProgress, type WorkTurn } from '@pod-eip/queue'
import { silentLogger } from '@pod-eip/runtime'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { beforeEach, describe, expect, test } from 'vitest'
import { inTurn } from '../src/in-turn.ts'

const idle: QueueProgress = { waiting: 0, active: 0, oldestWaitingMs: 0 }

function openStage() {
  const clock = createVirtualClock(0)
  const turn = createMemoryWorkTurn({ clock })
  const working = new Set<string>()
  let progress = idle
  let obstacle = ''

  /** A worker that works, whenever it may, until it is told to end. */
  function worker(owner: string, own: WorkTurn = turn) {
    const stopping = new AbortController()
    const queue = { progress: async () => progress }
    const deps = { turn: own, queue, obstacle: async () => obstacle, clock, logger: silentLogger, owner }
    const ended = inTurn(deps, stopping.signal, async (signal) => {
      working.add(owner)
      await clock.sleep(Number.MAX_SAFE_INTEGER, signal)
      working.delete(owner)
    })
    return { ended, stop: () => stopping.abort() }
  }

  return {
    clock,
    turn,
    worker,
    working: () => [...working],
    pass: (ms: number) => clock.runUntil(clock.now() + ms),
    keepFromWorking: (why: string) => {
      obstacle = why
    },
    show: (shown: Partial<QueueProgress>) => {
      progress = { ...idle, ...shown }
    },
  }
}

/** The turn, with a store that can be away. */
function withOutages(turn: WorkTurn) {
  const state = { away: false }
  const hold: WorkTurn['hold'] = async (owner, forMs) => {
    if (state.away) throw new Error('the connection was closed')
    return turn.hold(owner, forMs)
  }
  return { state, turn: { ...turn, hold } }
}

describe('of several workers', () => {
  let stage: ReturnType<typeof openStage>
  beforeEach(() => {
    stage = openStage()
  })

  test('none works while something keeps all of them from it', async () => {
    stage.worker('a')
    await stage.pass(0)
    stage.keepFromWorking('The event log went back.')
    stage.worker('b')
    await stage.pass(10_000)
    expect(stage.working()).toEqual([])
    stage.keepFromWorking('')
    await stage.pass(10_000)
    expect(stage.working()).toHaveLength(1)
  })

  test('one works, and at once', async () => {
    stage.worker('a')
    stage.worker('b')
    await stage.pass(0)
    expect(stage.working()).toEqual(['a'])
    await stage.pass(600_000)
    expect(stage.working()).toEqual(['a'])
  })

  test('the next goes on within a second when one ends', async () => {
    const first = stage.worker('a')
    await stage.pass(100)
    stage.worker('b')
    await stage.pass(5_000)
    first.stop()
    await first.ended
    await stage.pass(1_000)
    expect(stage.working()).toEqual(['b'])
  })

  test('the next goes on within seconds when one dies', async () => {
    await stage.turn.hold('dead', 3_000)
    stage.worker('b')
    await stage.pass(2_000)
    expect(stage.working()).toEqual([])
    await stage.pass(2_000)
    expect(stage.working()).toEqual(['b'])
  })

  test('another takes over from one that has the turn and does not work', async () => {
    stage.worker('a')
    await stage.pass(100)
    stage.worker('b')
    stage.show({ waiting: 3, active: 1, oldestWaitingMs: 60_000 })
    await stage.pass(5_000)
    expect(stage.working(), 'many wait for one that works').toEqual(['a'])
    stage.show({ waiting: 3, active: 0, oldestWaitingMs: 10_000 })
    await stage.pass(1_000)
    stage.show({})
    await stage.pass(2_000)
    expect(stage.working()).toEqual(['b'])
  })

  test('who works goes on while nobody can be asked whose turn it is', async () => {
    const { state, turn } = withOutages(stage.turn)
    stage.worker('a', turn)
    stage.worker('b', turn)
    await stage.pass(100)
    state.away = true
    await stage.pass(60_000)
    expect(stage.working()).toEqual(['a'])
    state.away = false
    await stage.pass(2_000)
    expect(stage.working()).toHaveLength(1)
  })
})

test('a worker whose work fails ends with what failed', async () => {
  const { clock, turn } = openStage()
  const deps = { turn, queue: { progress: async () => idle }, clock, logger: silentLogger, owner: 'a' }
  const ended = inTurn(deps, new AbortController().signal, async () => {
    throw new Error('no more')
  })
  await expect(ended).rejects.toThrow('no more')
})
