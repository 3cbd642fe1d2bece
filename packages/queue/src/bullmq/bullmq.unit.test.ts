import { expect, test } from 'vitest'
import { jobIdOf } from './queue-keys.ts'
import { judgeProgress } from './queue-progress.ts'
import { redisFault } from './redis-requirements.ts'

test('a server that is too old or may evict is refused, and one that does not say is taken', () => {
  expect(redisFault('redis_version:6.0.16\r\nmaxmemory_policy:noeviction\r\n')).toMatch(/6\.0\.16 is too old/)
  expect(redisFault('redis_version:6.2.0\r\nmaxmemory_policy:volatile-lru\r\n')).toMatch(/would drop jobs/)
  expect(redisFault('redis_version:7.2.4\r\nmaxmemory_policy:noeviction\r\n')).toBeNull()
  expect(redisFault('redis_version:10.0.1\r\n')).toBeNull()
})

test('different intents have different job ids, none with a colon', () => {
  const ids = ['a:b', 'a%3Ab', 'a.b', '7'].map(jobIdOf)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.join('')).not.toContain(':')
})

test('a job next in line grows old only while it stays there and is not started', () => {
  const sample = { waiting: 2, active: 0, next: 'a@1', overdueSince: null }
  const first = judgeProgress(sample, null, 1000)
  expect(first.progress.oldestWaitingMs).toBe(0)
  const second = judgeProgress(sample, first.next, 6000)
  expect(second.progress.oldestWaitingMs).toBe(5000)
  expect(judgeProgress({ ...sample, next: 'a@2' }, second.next, 7000).progress.oldestWaitingMs).toBe(0)
  expect(judgeProgress({ ...sample, next: null, waiting: 0 }, second.next, 7000).next).toBeNull()
})

test('a delayed job that nobody wakes counts as waiting since it was due', () => {
  const sample = { waiting: 0, active: 0, next: null, overdueSince: 4000 }
  expect(judgeProgress(sample, null, 9000).progress).toEqual({ waiting: 1, active: 0, oldestWaitingMs: 5000 })
})
