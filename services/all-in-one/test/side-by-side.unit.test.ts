import type { Service } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { runSideBySide } from '../src/side-by-side.ts'
import { startEach } from '../src/start-each.ts'

/** A service that works until it is told to stop, or as it is told otherwise. */
function steady(parts: Partial<Service> = {}): Service {
  return {
    run: (signal) =>
      new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    health: () => ({ live: true, ready: true }),
    close: async () => {},
    ...parts,
  }
}

test('one that fails ends the others, and the whole says which and why', async () => {
  const failing = steady({ run: () => Promise.reject(new Error('the port is taken')) })
  const whole = runSideBySide([
    { name: 'watcher', service: steady() },
    { name: 'api', service: failing },
  ])
  await expect(whole.run(new AbortController().signal)).rejects.toThrow('the api failed: the port is taken')
})

test('one that ends by itself is a failure, too', async () => {
  const whole = runSideBySide([
    { name: 'watcher', service: steady() },
    { name: 'worker', service: steady({ run: async () => {} }) },
  ])
  await expect(whole.run(new AbortController().signal)).rejects.toThrow('the worker ended by itself')
})

test('all end when they are told to, and that is none', async () => {
  const stop = new AbortController()
  const running = runSideBySide([
    { name: 'watcher', service: steady() },
    { name: 'worker', service: steady() },
  ]).run(stop.signal)
  stop.abort()
  await running
})

test('it is live and ready when all are, and says what each says', () => {
  const lost = steady({ health: () => ({ live: true, ready: false, position: 7 }) })
  const whole = runSideBySide([
    { name: 'watcher', service: steady() },
    { name: 'projector', service: lost },
  ])
  expect(whole.health()).toEqual({
    live: true,
    ready: false,
    services: {
      watcher: { live: true, ready: true },
      projector: { live: true, ready: false, position: 7 },
    },
  })
})

test('all are closed, also when one cannot be', async () => {
  const closed: string[] = []
  const whole = runSideBySide([
    { name: 'watcher', service: steady({ close: () => Promise.reject(new Error('no')) }) },
    { name: 'api', service: steady({ close: async () => void closed.push('api') }) },
  ])
  await expect(whole.close()).rejects.toThrow('no')
  expect(closed).toEqual(['api'])
})

test('what was started is closed again when the next one does not start', async () => {
  const closed: string[] = []
  const first = steady({ close: async () => void closed.push('first') })
  const starts = {
    first: async () => ({ service: first, logger: null as never, port: null }),
    second: () => Promise.reject(new Error('no database')),
    third: () => Promise.reject(new Error('never asked')),
  }
  await expect(startEach(starts, {})).rejects.toThrow('no database')
  expect(closed).toEqual(['first'])
})
