import { createInMemoryRateLimiter, defaultRateLimits } from '@pod-eip/cloud'
import { type IntentRuns, LeaseLostError } from '@pod-eip/queue'
import { describe, expect, test } from 'vitest'
import { handleIntent } from '../src/index.ts'
import { allocation } from '../src/testing/orders.ts'
import { setWorkerStage } from '../src/testing/worker-stage.ts'

/** Some methods of the runs behave differently; the others as ever. */
function runsWith(change: (runs: IntentRuns) => Partial<IntentRuns>) {
  return (runs: IntentRuns): IntentRuns => ({ ...runs, ...change(runs) })
}

/** A limiter in whose queue an allocation stands for so long. */
function slowAllocations(ms: number) {
  const stage = setWorkerStage({
    limiter: {
      acquire: async (action, signal) => {
        if (action === 'AllocateAddresses') await stage.clock.sleep(ms, signal)
      },
    },
  })
  return stage
}

describe('one worker at a time', () => {
  test('of two at once one works, the other comes again later', async () => {
    const stage = setWorkerStage()
    stage.decide(allocation())
    const handled = await stage.inTime(
      Promise.all([handleIntent('i-1', stage.worker('one')), handleIntent('i-1', stage.worker('two'))]),
    )
    expect(handled).toEqual([
      { kind: 'again', delayMs: 500 },
      { kind: 'again', delayMs: 2_000 },
    ])
    expect(stage.sent).toEqual(['allocateAddresses'])
  })

  test('the lease is renewed while a call waits for its turn at the rate limit', async () => {
    const stage = slowAllocations(70_000)
    stage.decide(allocation())
    const waiting = handleIntent('i-1', stage.worker('one'))
    await stage.pass(60_000)
    expect(await stage.step('i-1', 'two')).toEqual({ kind: 'again', delayMs: 2_000 })
    await stage.inTime(waiting)
    await stage.work('i-1')
    expect(stage.sent).toEqual(['allocateAddresses'])
    expect(stage.told()).toMatchObject([{ type: 'AllocationCompleted' }])
  })

  test('no lease outlives the work', async () => {
    const stage = setWorkerStage()
    stage.decide(allocation())
    await stage.step('i-1')
    expect(await stage.step('i-1', 'two')).toEqual({ kind: 'again', delayMs: 500 })
  })
})

describe('a lease that is lost', () => {
  test('while the call is written down: nothing is sent', async () => {
    const stage = setWorkerStage({
      wrapRuns: runsWith((runs) => ({
        renew: async () => Promise.reject(new Error('the database is away')),
        async recordCall(id, owner, call) {
          await runs.recordCall(id, owner, call)
          await stage.clock.sleep(20_000)
        },
      })),
    })
    stage.decide(allocation())
    expect(await stage.step('i-1')).toEqual({ kind: 'again', delayMs: 2_000 })
    expect(stage.sent).toEqual([])
  })

  test('while the call waits for its turn at the rate limit: nothing is sent', async () => {
    const limits = { ...defaultRateLimits, AllocateAddresses: 1 / 30 }
    const stage = setWorkerStage({
      limiter: { acquire: (action, signal) => limiter.acquire(action, signal) },
      wrapRuns: runsWith(() => ({ renew: async () => Promise.reject(new Error('the database is away')) })),
    })
    const limiter = createInMemoryRateLimiter(stage.clock, limits)
    await limiter.acquire('AllocateAddresses')
    stage.decide(allocation())
    expect(await stage.step('i-1')).toEqual({ kind: 'again', delayMs: 2_000 })
    expect(stage.sent).toEqual([])
  })

  test('to another worker, who goes on', async () => {
    const stage = setWorkerStage({
      wrapRuns: runsWith(() => ({
        async recordCall(id, owner) {
          if (owner === 'one') throw new LeaseLostError(id, owner)
        },
      })),
    })
    stage.decide(allocation())
    expect(await stage.step('i-1', 'one')).toEqual({ kind: 'again', delayMs: 2_000 })
    expect(stage.sent).toEqual([])
  })
})

describe('a worker that dies', () => {
  test('between call and record: the next one waits for the lease, finds the EIP and asks for no other', async () => {
    let dead = false
    const stage = setWorkerStage({
      wrapRuns: runsWith((runs) => ({
        async release(id, owner, progress) {
          if (owner === 'one') {
            dead = true
            throw new Error('killed')
          }
          await runs.release(id, owner, progress)
        },
      })),
    })
    stage.decide(allocation())
    await expect(stage.step('i-1', 'one')).rejects.toThrow('killed')
    expect(dead).toBe(true)
    expect(await stage.step('i-1', 'two')).toEqual({ kind: 'again', delayMs: 2_000 })
    await stage.pass(20_000)
    await stage.work('i-1')
    expect(stage.sent).toEqual(['allocateAddresses'])
    expect(stage.told()).toMatchObject([
      {
        type: 'AllocationCompleted',
        data: { addresses: [{ addressId: stage.region.addresses()[0]!.addressId }] },
      },
    ])
  })

  test('after the record: the job comes again, the outcome stands in the log once', async () => {
    const stage = setWorkerStage({
      wrapRuns: runsWith((runs) => ({
        async finish(id, owner, events) {
          await runs.finish(id, owner, events)
          throw new Error('killed')
        },
      })),
    })
    stage.decide(allocation())
    await expect(stage.work('i-1')).rejects.toThrow('killed')
    const calls = stage.sent.length
    expect(await stage.step('i-1', 'two')).toEqual({ kind: 'done' })
    expect(stage.told()).toHaveLength(1)
    expect(stage.sent).toHaveLength(calls)
  })
})

describe('the outcome', () => {
  test('says of which order it is and when it came', async () => {
    const stage = setWorkerStage()
    stage.decide(allocation())
    await stage.work('i-1')
    expect(stage.told()).toMatchObject([
      { correlationId: 'uid-1', occurredAt: new Date(stage.clock.now()).toISOString() },
    ])
    expect(stage.recorded().at(-1)).toMatchObject({
      stream: 'claim/default/web-0',
      actor: 'worker',
      schemaVersion: 1,
      causationPosition: 1,
      dedupeKey: 'outcome/i-1',
    })
  })

  test('of a job that comes again after its end changes nothing', async () => {
    const stage = setWorkerStage()
    stage.decide(allocation())
    await stage.work('i-1')
    expect(await stage.step('i-1')).toEqual({ kind: 'done' })
    expect(await stage.step('i-1', 'two')).toEqual({ kind: 'done' })
    expect(stage.told()).toHaveLength(1)
  })

  test('of a job that nobody ordered does not exist', async () => {
    const stage = setWorkerStage()
    expect(await stage.step('i-9')).toEqual({ kind: 'done' })
    expect(stage.told()).toEqual([])
  })
})
