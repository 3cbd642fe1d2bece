import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createWorkQueue } from './work-queue.ts'

test('keys come in order of arrival, each once', () => {
  const queue = createWorkQueue(() => {})
  for (const key of ['a', 'b', 'a', 'c']) queue.add(key)
  expect([queue.take(0), queue.take(0), queue.take(0), queue.take(0)]).toEqual(['a', 'b', 'c', null])
})

test('the latest time of a key holds', () => {
  const queue = createWorkQueue(() => {})
  queue.addAt('a', 10)
  queue.addAt('a', 30)
  expect(queue.nextDueAt(0)).toBe(30)
  expect(queue.take(20)).toBeNull()
  queue.clearTime('a')
  expect(queue.nextDueAt(0)).toBeNull()
  expect(queue.take(40)).toBeNull()
})

test('times come in order, whatever the order in which they were planned', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (times) => {
      const queue = createWorkQueue(() => {})
      times.forEach((due, i) => {
        queue.addAt(String(i), due)
      })
      const taken: number[] = []
      for (let due = queue.nextDueAt(-1); due !== null; due = queue.nextDueAt(-1)) {
        taken.push(times[Number(queue.take(due))]!)
      }
      expect(taken).toEqual([...times].sort((a, b) => a - b))
    }),
  )
})
