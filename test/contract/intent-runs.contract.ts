import type { EventLog } from '@pod-eip/event-log'
import { type IntentRun, type IntentRuns, LeaseLostError } from '@pod-eip/queue'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newEvent } from './event-log.contract.ts'

export interface IntentRunsFixture {
  runs: IntentRuns
  log: EventLog
  /** Makes the lease of an intent end now. */
  endLease(intentId: string): Promise<void>
  dispose(): Promise<void>
}

const longMs = 3_600_000

/** What every store of runs must do. */
export function intentRunsContract(name: string, createFixture: () => Promise<IntentRunsFixture>): void {
  describe(`intent runs contract: ${name}`, () => {
    let fixture: IntentRunsFixture
    beforeEach(async () => {
      fixture = await createFixture()
    })
    afterEach(() => fixture.dispose())

    async function lease(owner: string): Promise<IntentRun> {
      const run = await fixture.runs.acquireLease('i', owner, longMs)
      if (typeof run === 'string') throw new Error(`no lease: ${run}`)
      return run
    }

    test('a first lease begins the run', async () => {
      expect(await lease('a')).toEqual({
        intentId: 'i',
        attempts: 1,
        calledAt: null,
        tokenNumber: 0,
        notBefore: null,
        lastCode: null,
        lastMessage: null,
        lastRequestId: null,
        notes: {},
      })
    })

    test('of many at once one gets the lease, and the owner does not get it twice', async () => {
      const tries = await Promise.all(
        Array.from({ length: 10 }, () => fixture.runs.acquireLease('i', 'same', longMs)),
      )
      expect(tries.filter((t) => t === 'leased')).toHaveLength(9)
    })

    test('what a killed worker wrote down is there for the next', async () => {
      await lease('a')
      await fixture.runs.recordCall('i', 'a', { calledAt: 1_700_000_000_123, notes: { ids: ['eip-1'] } })
      await fixture.runs.recordCall('i', 'a', { tokenNumber: 2 })
      await fixture.endLease('i')
      expect(await lease('b')).toMatchObject({
        attempts: 2,
        calledAt: 1_700_000_000_123,
        tokenNumber: 2,
        notes: { ids: ['eip-1'] },
      })
      await fixture.runs.recordCall('i', 'b', { calledAt: null })
      await fixture.runs.release('i', 'b', {})
      expect(await lease('c')).toMatchObject({ calledAt: null, tokenNumber: 2 })
    })

    test('a released run keeps what stood in its way, and its events are in the log', async () => {
      await lease('a')
      const last = { lastCode: 'LimitExceeded', lastMessage: 'quota', lastRequestId: 'r-1' }
      const event = newEvent({ type: 'Delayed' })
      await fixture.runs.release('i', 'a', { ...last, notBefore: 1_700_000_000_000, events: [event] })
      expect((await fixture.log.read({ after: 0, limit: 10 })).map((e) => e.type)).toEqual(['Delayed'])
      expect(await lease('b')).toMatchObject({ ...last, notBefore: 1_700_000_000_000, attempts: 2 })
      await fixture.runs.release('i', 'b', {})
      expect(await lease('c')).toMatchObject({ ...last, notBefore: null })
    })

    test('finishing appends the outcome once, and nobody gets the lease again', async () => {
      await lease('a')
      const events = [newEvent({ type: 'Bound' }), newEvent({ type: 'Told' })]
      const result = await fixture.runs.finish('i', 'a', events)
      expect(result.events.map((e) => e.position)).toEqual([1, 2])
      expect(await fixture.runs.finish('i', 'a', events)).toMatchObject({ appended: 0 })
      const keys = (await fixture.log.read({ after: 0, limit: 10 })).map((e) => e.dedupeKey)
      expect(keys).toEqual(['outcome/i', 'outcome/i/1'])
      expect(await fixture.runs.acquireLease('i', 'b', longMs)).toBe('finished')
      await expect(fixture.runs.finish('i', 'b', events)).rejects.toThrow(LeaseLostError)
    })

    test('an outcome that cannot be appended leaves the run as it was', async () => {
      await lease('a')
      const moved = [newEvent({ expectedVersion: 9 })]
      await expect(fixture.runs.finish('i', 'a', moved)).rejects.toMatchObject({ name: 'StreamMovedError' })
      await expect(fixture.runs.release('i', 'a', { events: moved })).rejects.toMatchObject({
        name: 'StreamMovedError',
      })
      await expect(fixture.runs.finish('i', 'a', [])).rejects.toThrow(/without an outcome/)
      await fixture.runs.finish('i', 'a', [newEvent()])
      expect(await fixture.log.head()).toBe(1)
    })

    const writes: [string, (runs: IntentRuns, owner: string) => Promise<unknown>][] = [
      ['renew', (runs, owner) => runs.renew('i', owner, longMs)],
      ['recordCall', (runs, owner) => runs.recordCall('i', owner, { calledAt: 1 })],
      ['release', (runs, owner) => runs.release('i', owner, { events: [newEvent()] })],
      ['finish', (runs, owner) => runs.finish('i', owner, [newEvent()])],
    ]
    for (const [method, write] of writes) {
      test(`${method} is refused without the lease, and changes nothing`, async () => {
        const { runs, log } = fixture
        await expect(write(runs, 'nobody')).rejects.toThrow(LeaseLostError)
        await lease('a')
        await fixture.endLease('i')
        await expect(write(runs, 'a')).rejects.toThrow(LeaseLostError)
        await lease('b')
        await expect(write(runs, 'a')).rejects.toThrow(LeaseLostError)
        expect(await log.head()).toBe(0)
        await runs.release('i', 'b', {})
        await expect(write(runs, 'b')).rejects.toThrow(LeaseLostError)
        expect(await lease('c')).toMatchObject({ calledAt: null, attempts: 3 })
      })
    }

    test('a renewed lease is kept', async () => {
      await fixture.runs.acquireLease('i', 'a', 60_000)
      await fixture.runs.renew('i', 'a', longMs)
      expect(await fixture.runs.acquireLease('i', 'b', longMs)).toBe('leased')
    })

    test('two that finish at once leave one outcome', async () => {
      await lease('a')
      await Promise.all([1, 2].map(() => fixture.runs.finish('i', 'a', [newEvent()])))
      expect(await fixture.log.head()).toBe(1)
    })
  })
}
