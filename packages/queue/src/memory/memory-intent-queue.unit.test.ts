import { type Clock, seededRandom } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { createMemoryIntentQueue, type JobFate } from './memory-intent-queue.ts'

/** A clock that jumps to the next moment that somebody waits for, whenever nothing else is left to do. */
function jumpingClock(): Clock {
  let now = 0
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const jump = setImmediate(() => {
          now += ms
          resolve()
        })
        signal?.addEventListener(
          'abort',
          () => {
            clearImmediate(jump)
            resolve()
          },
          { once: true },
        )
        if (signal?.aborted) {
          clearImmediate(jump)
          resolve()
        }
      }),
  }
}

function job(intentId: string) {
  return { intentId, action: 'release', claim: 'default/web-0' }
}

/** Enqueues, puts back what is lost, and returns the runs in order when all are done. */
async function runAll(fates: JobFate[], reorder = false): Promise<string[]> {
  const ids = ['a', 'b', 'c', 'd', 'e', 'f']
  const queue = createMemoryIntentQueue({
    clock: jumpingClock(),
    random: seededRandom(3),
    fateOf: () => fates.shift() ?? { kind: 'handled' },
    reorder,
  })
  const stop = new AbortController()
  const runs: string[] = []
  const consuming = queue.consume({
    concurrency: 1,
    signal: stop.signal,
    handler: async ({ intentId }) => {
      runs.push(intentId)
      return { kind: 'done' }
    },
  })
  while (!ids.every((id) => runs.includes(id))) {
    const missing = await queue.missing(ids)
    await queue.enqueue(missing.filter((id) => !runs.includes(id)).map(job))
    await new Promise(setImmediate)
  }
  stop.abort()
  await consuming
  return runs
}

test('a lost job is missing until it is put back', async () => {
  const runs = await runAll([{ kind: 'lost' }, { kind: 'handled' }, { kind: 'lost' }])
  expect(runs.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  expect(runs[0]).toBe('b')
})

test('a doubled job is handled twice', async () => {
  expect((await runAll([{ kind: 'doubled' }])).slice(0, 3)).toEqual(['a', 'a', 'b'])
})

test('a late job comes after those behind it', async () => {
  expect(await runAll([{ kind: 'late', ms: 500 }])).toEqual(['b', 'c', 'd', 'e', 'f', 'a'])
})

test('reordered jobs come in another order, the same for the same seed', async () => {
  const runs = await runAll([], true)
  expect(runs).not.toEqual(runs.toSorted())
  expect(await runAll([], true)).toEqual(runs)
})

test('a stalled job runs again, and the word of its first run no longer counts', async () => {
  const queue = createMemoryIntentQueue({ clock: jumpingClock(), random: seededRandom(1) })
  const stop = new AbortController()
  const ends: ((result: { kind: 'done' } | { kind: 'again'; delayMs: number }) => void)[] = []
  const consuming = queue.consume({
    concurrency: 2,
    signal: stop.signal,
    handler: () => new Promise((resolve) => ends.push(resolve)),
  })
  await queue.enqueue([job('a')])
  await new Promise(setImmediate)
  queue.stall()
  await new Promise(setImmediate)
  expect(ends).toHaveLength(2)
  ends[0]!({ kind: 'done' })
  await new Promise(setImmediate)
  expect(await queue.missing(['a'])).toEqual([])
  ends[1]!({ kind: 'done' })
  await new Promise(setImmediate)
  expect(await queue.missing(['a'])).toEqual(['a'])
  stop.abort()
  await consuming
})

test('a job that becomes due while it is looked for is handled', async () => {
  for (const notBefore of [1, 2, 3, 4, 5, 6]) {
    let now = 0
    // Time passes with every look at the clock.
    const clock: Clock = { now: () => now++, sleep: async () => {} }
    const queue = createMemoryIntentQueue({ clock, random: seededRandom(1) })
    await queue.enqueue([{ ...job('a'), notBefore }])
    const stop = new AbortController()
    await queue.consume({
      concurrency: 1,
      signal: stop.signal,
      handler: async () => {
        stop.abort()
        return { kind: 'done' }
      },
    })
    expect(await queue.missing(['a'])).toEqual(['a'])
  }
})
