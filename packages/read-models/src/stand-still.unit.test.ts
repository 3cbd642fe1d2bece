import { createMemoryEventLog } from '@pod-eip/event-log'
import { type Service, SettingsError } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { guardedLog, LogWentBackError, standingStill, tellingOnly } from './stand-still.ts'

const old = 'The event log went back.'

/** A service that notes its beginning, and a problem with the log that comes and goes. */
function stage(problem: string) {
  const done: string[] = []
  const errors: string[] = []
  let wake = () => {}
  const clock = {
    now: () => 0,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        wake = resolve
        if (signal?.aborted) resolve()
        signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
  }
  const state = { problem, asked: Promise.withResolvers<void>() }
  const ask = async () => {
    state.asked.resolve()
    return state.problem
  }
  const watch = { problem: ask }
  const service: Service = {
    async run(signal) {
      done.push('run')
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    },
    health: () => ({ live: true, ready: true, problem: '' }),
    close: async () => {},
  }
  const logger = { error: (message: string) => errors.push(message) }
  const standing = { watch, clock, logger } as unknown as Parameters<typeof standingStill>[1]
  const nextLook = async () => {
    await new Promise(setImmediate)
    state.asked = Promise.withResolvers()
    wake()
    await state.asked.promise
    await new Promise(setImmediate)
  }
  return { service, standing, state, done, errors, nextLook }
}

test('a service does nothing before the log is known to be ours, and says why; then it begins', async () => {
  const { service, standing, state, done, errors, nextLook } = stage(old)
  const stop = new AbortController()
  const standingService = standingStill(service, standing, async () => void done.push('first'))
  const running = standingService.run(stop.signal)
  await state.asked.promise
  await nextLook()
  expect(done).toEqual([])
  expect(standingService.health()).toEqual({ live: true, ready: false, problem: old })
  expect(errors).toEqual([old])
  state.problem = ''
  await nextLook()
  expect(done).toEqual(['first', 'run'])
  expect(standingService.health()).toMatchObject({ ready: true, problem: '' })
  // And later, should it go back then.
  state.problem = old
  await nextLook()
  expect(standingService.health()).toEqual({ live: true, ready: false, problem: old })
  stop.abort()
  await running
})

test('what comes first is tried again while a store is away; a wrong setting ends the service', async () => {
  const { service, standing, state, done, nextLook } = stage('')
  const stop = new AbortController()
  const failures: Error[] = [new Error('terminating connection'), new SettingsError('another cluster')]
  const first = async () => {
    done.push('first')
    throw failures.shift()
  }
  const running = standingStill(service, standing, first).run(stop.signal)
  await state.asked.promise
  await new Promise(setImmediate)
  expect(done).toEqual(['first'])
  void nextLook()
  await expect(running).rejects.toThrow('another cluster')
  expect(done).toEqual(['first', 'first'])
})

test('who only reads goes on, and says that the log went back', async () => {
  const { service, standing, state, done, nextLook } = stage(old)
  const stop = new AbortController()
  const told = tellingOnly(service, standing)
  const running = told.run(stop.signal)
  await state.asked.promise
  await nextLook()
  expect(done).toEqual(['run'])
  expect(told.health()).toEqual({ live: true, ready: false, problem: old })
  stop.abort()
  await running
})

test('nothing is appended to a log that went back, and no checkpoint is saved', async () => {
  const log = createMemoryEventLog({ clock: { now: () => 0, sleep: async () => {} } })
  const state = { problem: old }
  const ours = guardedLog(log, { problem: async () => state.problem })
  const event = {
    ...{
      stream: 'claim/a',
      type: 'One',
      schemaVersion: 1,
      occurredAt: '2026-01-01T00:00:00Z',
      actor: 'test',
    },
    ...{ correlationId: 'c', causationPosition: null, data: {} },
  }
  await expect(ours.append([event])).rejects.toThrow(LogWentBackError)
  await expect(ours.checkpoints.save('publisher', 7)).rejects.toThrow(old)
  expect([await log.head(), (await log.checkpoints.load('publisher')).position]).toEqual([0, 0])
  state.problem = ''
  await ours.append([event])
  await ours.checkpoints.save('publisher', 1)
  expect([await ours.head(), (await ours.checkpoints.load('publisher')).position]).toEqual([1, 1])
})
