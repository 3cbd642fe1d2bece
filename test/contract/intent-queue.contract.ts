import type { IntentJob, IntentQueue, NewIntentJob } from '@pod-eip/queue'
import { systemClock } from '@pod-eip/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from './until.ts'

export interface IntentQueueFixture {
  queue: IntentQueue
  /** Loses every job, as FLUSHALL does. */
  empty(): Promise<void>
  dispose(): Promise<void>
}

export function newJobs(count: number, change: Partial<NewIntentJob> = {}): NewIntentJob[] {
  return Array.from({ length: count }, (_, i) => ({
    intentId: `i:${i}`,
    action: 'allocate',
    claim: `default/web-${i}`,
    ...change,
  }))
}

/** What every queue of intents must do. */
export function intentQueueContract(name: string, createFixture: () => Promise<IntentQueueFixture>): void {
  describe(`intent queue contract: ${name}`, () => {
    let fixture: IntentQueueFixture
    let stop: AbortController
    let consuming: Promise<void>[]
    beforeEach(async () => {
      fixture = await createFixture()
      stop = new AbortController()
      consuming = []
    })
    afterEach(async () => {
      stop.abort()
      await Promise.all(consuming)
      await fixture.dispose()
    })

    function consume(handler: Parameters<IntentQueue['consume']>[0]['handler'], concurrency = 20): void {
      consuming.push(fixture.queue.consume({ concurrency, handler, signal: stop.signal }))
    }

    test('500 intents are all handled, and their jobs gone', async () => {
      const jobs = newJobs(500)
      const handled = new Map<string, IntentJob>()
      consume(async (job) => {
        handled.set(job.intentId, job)
        return { kind: 'done' }
      })
      await fixture.queue.enqueue(jobs)
      const ids = jobs.map((j) => j.intentId)
      await until('all jobs are gone', async () => (await fixture.queue.missing(ids)).length === ids.length)
      expect(handled.size).toBe(500)
      expect(handled.get('i:7')).toEqual({
        intentId: 'i:7',
        action: 'allocate',
        claim: 'default/web-7',
        attempt: 1,
      })
    })

    test('an intent has one job, however often it is enqueued', async () => {
      for (let i = 0; i < 3; i += 1) await fixture.queue.enqueue([...newJobs(2), ...newJobs(2)])
      expect(await fixture.queue.progress()).toMatchObject({ waiting: 2, active: 0 })
      expect(await fixture.queue.missing(['i:0', 'i:1', 'i:2'])).toEqual(['i:2'])
    })

    test('a job that is to come again comes again', async () => {
      const attempts: number[] = []
      consume(async ({ attempt }) => {
        attempts.push(attempt)
        return attempt < 4 ? { kind: 'again', delayMs: attempt * 5 } : { kind: 'done' }
      })
      await fixture.queue.enqueue(newJobs(1))
      await until('it is done', async () => (await fixture.queue.missing(['i:0'])).length === 1)
      expect(attempts).toEqual([1, 2, 3, 4])
    })

    test('a job is not lost when its handler throws', async () => {
      const attempts: number[] = []
      consume(async ({ attempt }) => {
        attempts.push(attempt)
        if (attempt === 1) throw new Error('handler broke')
        return { kind: 'done' }
      })
      await fixture.queue.enqueue(newJobs(1))
      await until('it is done', async () => (await fixture.queue.missing(['i:0'])).length === 1)
      expect(attempts).toEqual([1, 2])
    })

    test('a job is not handled before its time', async () => {
      const notBefore = systemClock.now() + 300
      let handledAt = 0
      consume(async () => {
        handledAt = systemClock.now()
        return { kind: 'done' }
      })
      await fixture.queue.enqueue(newJobs(1, { notBefore }))
      await until('it is handled', () => handledAt > 0)
      expect(handledAt).toBeGreaterThanOrEqual(notBefore)
    })

    test('a hurried job does not wait for its time', async () => {
      const handled: string[] = []
      consume(async ({ intentId }) => {
        handled.push(intentId)
        return { kind: 'done' }
      })
      await fixture.queue.enqueue(newJobs(2, { notBefore: systemClock.now() + 3_600_000 }))
      await fixture.queue.hurry(['i:1', 'i:unknown'])
      await until('it is handled', () => handled.length > 0)
      expect(handled).toEqual(['i:1'])
      expect(await fixture.queue.missing(['i:0'])).toEqual([])
    })

    test('no more than its concurrency is handled at once', async () => {
      let active = 0
      let most = 0
      let done = 0
      consume(async () => {
        active += 1
        most = Math.max(most, active)
        await systemClock.sleep(5)
        active -= 1
        done += 1
        return { kind: 'done' }
      }, 3)
      await fixture.queue.enqueue(newJobs(30))
      await until('all are done', () => done === 30)
      expect(most).toBeLessThanOrEqual(3)
    })

    test('an emptied queue is told by its run id, and the reconciler brings everything back', async () => {
      const handled = new Set<string>()
      const jobs = newJobs(200)
      const ids = jobs.map((j) => j.intentId)
      const runId = await fixture.queue.runId()
      expect(await fixture.queue.runId()).toBe(runId)
      await fixture.queue.enqueue(newJobs(200, { notBefore: systemClock.now() + 3_600_000 }))
      await fixture.empty()
      expect(await fixture.queue.runId()).not.toBe(runId)
      const missing = await fixture.queue.missing(ids)
      expect(missing).toEqual(ids)
      consume(async ({ intentId }) => {
        handled.add(intentId)
        if (handled.size === 50) await fixture.empty()
        return { kind: 'done' }
      })
      await fixture.queue.enqueue(jobs)
      await until('all are handled', async () => {
        const open = ids.filter((id) => !handled.has(id))
        const lost = new Set(await fixture.queue.missing(open))
        await fixture.queue.enqueue(jobs.filter((j) => lost.has(j.intentId)))
        return open.length === 0
      })
    })

    test('progress tells how long the next in line has waited while nothing is active', async () => {
      expect(await fixture.queue.progress()).toEqual({ waiting: 0, active: 0, oldestWaitingMs: 0 })
      await fixture.queue.enqueue(newJobs(3))
      await until('it has waited', async () => (await fixture.queue.progress()).oldestWaitingMs >= 50)
      consume(async () => ({ kind: 'done' }))
      await until('nothing waits', async () => (await fixture.queue.progress()).oldestWaitingMs === 0)
    })

    test('a consumer that stops lets its handlers end', async () => {
      let ended = false
      consume(async () => {
        stop.abort()
        await systemClock.sleep(50)
        ended = true
        return { kind: 'done' }
      })
      await fixture.queue.enqueue(newJobs(1))
      await Promise.all(consuming)
      expect(ended).toBe(true)
    })
  })
}
