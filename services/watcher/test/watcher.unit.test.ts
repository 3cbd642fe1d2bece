import { type EventData, newEvent } from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { type EventLog, InvalidEventError } from '@pod-eip/event-log'
import { pods } from '@pod-eip/kube'
import { afterEach, expect, test, vi } from 'vitest'
import { seenEvent } from '../src/record/cluster-event.ts'
import { inMemory, scene, waiting } from './testing/scene.ts'
import { virtualClock } from './testing/virtual-clock.ts'

let it: ReturnType<typeof scene>
afterEach(() => it.stopAll())

/** A log that can be down, as a database that restarts; `answerLost` fails after the work was done. */
function faulty(log: EventLog) {
  const fault = { down: false, answerLost: false, failures: 0 }
  const append: EventLog['append'] = async (events, options) => {
    if (fault.down) {
      fault.failures += 1
      throw new Error('the database is starting up')
    }
    const result = await log.append(events, options)
    if (fault.answerLost) {
      fault.answerLost = false
      fault.failures += 1
      throw new Error('connection terminated')
    }
    return result
  }
  return { fault, append, read: log.read }
}

test('what is seen while the log is down is recorded once it is back', async () => {
  const memory = inMemory()
  it = scene(memory)
  const log = faulty(memory.log)
  await it.start({ log })
  log.fault.down = true
  it.pod('web-0')
  it.remove('web-0')
  it.pod('web-1')
  await vi.waitFor(() => expect(log.fault.failures).toBe(2), waiting)
  log.fault.answerLost = true
  log.fault.down = false
  await vi.waitFor(
    async () =>
      expect(await it.recorded()).toEqual([
        'PodObserved default/web-0',
        'PodEnded default/web-0 Deleted',
        'PodObserved default/web-1',
      ]),
    waiting,
  )
  expect(log.fault.failures).toBeGreaterThanOrEqual(3)
})

test('a watcher that is stopped while the log is down has lost nothing', async () => {
  const memory = inMemory()
  it = scene(memory)
  const log = faulty(memory.log)
  const { stop, watcher } = await it.start({ log })
  log.fault.down = true
  it.pod('web-0')
  await vi.waitFor(() => expect(watcher.health().resources.pods!.known).toBe(1), waiting)
  await stop()
  expect(await it.recorded()).toEqual([])
  await it.start()
  await vi.waitFor(async () => expect(await it.recorded()).toEqual(['PodObserved default/web-0']), waiting)
  expect(it.cluster.lists.get('pods')).toBe(1)
})

test.each([
  ['', false],
  [', also when what it lacked counts as alive again', true],
])('a list that lacked something is read again after a restart%s', async (_, alive) => {
  const memory = inMemory()
  it = scene(memory)
  const first = await it.start()
  for (const name of ['gone', 'stays']) it.pod(name)
  await vi.waitFor(async () => expect(await it.recorded()).toHaveLength(2), waiting)
  await first.stop()
  it.remove('gone')
  it.store.compact()
  const second = await it.start()
  await vi.waitFor(
    async () => expect((await it.recorded()).at(-1)).toBe('PodEnded default/gone Missed'),
    waiting,
  )
  await second.stop()
  await it.project()
  if (alive) await foundAgain(memory)
  const lists = it.cluster.lists.get('pods')!
  await it.start()
  await vi.waitFor(() => expect(it.cluster.lists.get('pods')).toBe(lists + 1), waiting)
})

/** Whoever it was that saw the missed Pod. */
async function foundAgain({ log }: ReturnType<typeof inMemory>): Promise<void> {
  const seen = (await log.read({ after: 0, limit: 10, types: ['PodObserved'] })).find(
    ({ data }) => data.claim === 'default/gone',
  )!
  const [missed] = await log.read({ after: 0, limit: 1, types: ['PodEnded'] })
  const missedVersion = missed!.data.listVersion as string
  const facts = { ...seen.data, resourceVersion: missedVersion, missedVersion } as EventData['PodFoundAgain']
  await log.append([seenEvent(newEvent('PodFoundAgain', facts), '2026-01-01T00:00:00Z')])
  await it.project()
}

test('an event that can never be recorded ends the watcher', async () => {
  const memory = inMemory()
  it = scene(memory)
  const append: EventLog['append'] = async (events, options) => {
    if (events.some((event) => event.type === 'PodObserved')) throw new InvalidEventError('no')
    return memory.log.append(events, options)
  }
  const { run } = await it.start({ log: { append, read: memory.log.read } })
  const ended = expect(run).rejects.toThrow(InvalidEventError)
  it.pod('web-0')
  await ended
})

test('a complete list is compared at times, and the position moves with what is of no interest', async () => {
  const clock = virtualClock()
  const memory = inMemory(clock)
  it = scene(memory, clock)
  it.pod('web-0')
  await it.start()
  const ghost = podObserved({ claim: 'default/ghost', podUid: 'ghost', request: {} })
  await memory.log.append([seenEvent(newEvent('PodObserved', ghost), '2026-01-01T00:00:00Z')])
  const minutes = async (count: number) => {
    for (let minute = 0; minute < count; minute += 1) {
      it.touch('web-0')
      await clock.advance(60_000)
    }
  }
  await minutes(59)
  expect(it.cluster.lists.get('pods')).toBe(1)
  const { state } = await memory.log.checkpoints.load('watcher/pods')
  const { metadata } = it.store.get(pods, 'default', 'web-0')
  expect(Number(state?.resourceVersion)).toBeGreaterThan(Number(metadata.resourceVersion) - 3)
  expect(await it.recorded()).not.toContain('PodEnded default/ghost Missed')
  await minutes(32)
  expect(await it.recorded()).toContain('PodEnded default/ghost Missed')
  // Who was missed is looked for again, soon and then more seldom.
  const lists = it.cluster.lists.get('pods')!
  expect(lists).toBeGreaterThanOrEqual(3)
  await minutes(59)
  expect(it.cluster.lists.get('pods')! - lists).toBeLessThanOrEqual(6)
})
