import {
  type EventLog,
  InvalidEventError,
  type NewEvent,
  type RecordedEvent,
  StreamMovedError,
  verifyLog,
} from '@pod-eip/event-log'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'

/** A log of its own for each test. */
export interface EventLogFixture {
  log: EventLog
  dispose(): Promise<void>
}

/** What every event log must do. */
export function eventLogContract(name: string, createFixture: () => Promise<EventLogFixture>): void {
  describe(`event log contract: ${name}`, () => {
    const fixtures: EventLogFixture[] = []
    async function emptyLog(): Promise<EventLog> {
      const fixture = await createFixture()
      fixtures.push(fixture)
      return fixture.log
    }
    afterEach(async () => {
      for (const fixture of fixtures.splice(0)) await fixture.dispose()
    })

    test('an empty log has head 0 and nothing to read', async () => {
      const log = await emptyLog()
      expect(await log.head()).toBe(0)
      expect(await log.read({ after: 0, limit: 10 })).toEqual([])
      expect(await log.append([])).toEqual({ events: [], appended: 0 })
    })

    test('what is appended is read back, with its place in the log and in its stream', async () => {
      const log = await emptyLog()
      const event = newEvent({
        data: { b: [1, { c: null }], a: 'x', __proto__x: true, n: 1.5e-7 },
        dedupeKey: 'k',
        causationPosition: 7,
      })
      await log.append([newEvent({ stream: 'other' }), event])
      const [, read] = await log.read({ after: 0, limit: 10 })
      expect(read).toMatchObject({ ...event, position: 2, version: 1 })
      expect(Date.parse(read!.recordedAt)).not.toBeNaN()
    })

    test('text that Postgres refuses is recorded with replacement characters, not refused', async () => {
      const log = await emptyLog()
      await log.append([newEvent({ data: { note: 'a\0b\ud800c', 'k\0': 1 } })])
      const [read] = await log.read({ after: 0, limit: 1 })
      expect(read!.data).toEqual({ note: 'a\uFFFDb\uFFFDc', 'k\uFFFD': 1 })
      expect(await verifyLog(log)).toHaveProperty('head')
    })

    test('an event that cannot be recorded is refused in a sentence, and its batch with it', async () => {
      const log = await emptyLog()
      for (const broken of [
        { occurredAt: 'noon' },
        { schemaVersion: 0 },
        { stream: '' },
        { dedupeKey: '' },
      ]) {
        await expect(log.append([newEvent(), newEvent(broken)])).rejects.toThrow(InvalidEventError)
      }
      const date = { at: new Date(0) } as unknown as NewEvent['data']
      await expect(log.append([newEvent({ data: date })])).rejects.toThrow(/an instance of Date/)
      expect(await log.head()).toBe(0)
    })

    test('an event whose key is in the log is skipped and its recorded place returned', async () => {
      const log = await emptyLog()
      await log.append([newEvent({ dedupeKey: 'a' }), newEvent({ dedupeKey: 'b' })])
      const again = await log.append([newEvent({ dedupeKey: 'b' }), newEvent(), newEvent({ dedupeKey: 'a' })])
      expect(again).toEqual({
        appended: 1,
        events: [
          { position: 2, version: 2, isNew: false },
          { position: 3, version: 3, isNew: true },
          { position: 1, version: 1, isNew: false },
        ],
      })
      expect(await log.head()).toBe(3)
    })

    test('a key that stands twice in a batch is recorded once', async () => {
      const log = await emptyLog()
      const result = await log.append([
        newEvent({ dedupeKey: 'a', data: { first: true } }),
        newEvent({ stream: 'other' }),
        newEvent({ dedupeKey: 'a', data: { first: false } }),
      ])
      expect(result.events.map((e) => [e.position, e.isNew])).toEqual([
        [1, true],
        [2, true],
        [1, false],
      ])
      expect((await log.read({ after: 0, limit: 10 })).map((e) => e.data)).toEqual([{ first: true }, {}])
    })

    test('a moved stream refuses the whole batch and says where it stands', async () => {
      const log = await emptyLog()
      await log.append([newEvent({ stream: 's' }), newEvent({ stream: 's' })])
      const conflict = log.append([
        newEvent({ stream: 'fine' }),
        newEvent({ stream: 's', expectedVersion: 1 }),
      ])
      await expect(conflict).rejects.toThrow(StreamMovedError)
      await expect(conflict).rejects.toMatchObject({ stream: 's', expectedVersion: 1, actualVersion: 2 })
      expect(await log.head()).toBe(2)
      await log.append([newEvent({ stream: 's', expectedVersion: 2 })])
      expect((await log.readStream('s')).map((e) => e.version)).toEqual([1, 2, 3])
    })

    test('the expected version counts the events before it in the batch', async () => {
      const log = await emptyLog()
      await log.append([newEvent({ expectedVersion: 0 }), newEvent({ expectedVersion: 1 })])
      const twice = [newEvent({ expectedVersion: 2 }), newEvent({ expectedVersion: 2 })]
      await expect(log.append(twice)).rejects.toMatchObject({ expectedVersion: 2, actualVersion: 3 })
      expect(await log.head()).toBe(2)
    })

    test('a batch that was recorded may be sent again although its stream has moved', async () => {
      const log = await emptyLog()
      const batch = [newEvent({ dedupeKey: 'once', expectedVersion: 0 })]
      await log.append(batch)
      await log.append([newEvent()])
      expect((await log.append(batch)).events).toEqual([{ position: 1, version: 1, isNew: false }])
    })

    test('reads are filtered by stream, type and correlation, and limited', async () => {
      const log = await emptyLog()
      await log.append([
        newEvent({ stream: 'a', type: 'X' }),
        newEvent({ stream: 'b', type: 'X', correlationId: 'c1' }),
        newEvent({ stream: 'a', type: 'Y', correlationId: 'c1' }),
        newEvent({ stream: 'c', type: 'Y' }),
      ])
      const positions = async (query: Partial<Parameters<EventLog['read']>[0]>) =>
        (await log.read({ after: 0, limit: 10, ...query })).map((e) => e.position)
      expect(await positions({ streams: ['a', 'c'] })).toEqual([1, 3, 4])
      expect(await positions({ types: ['X'] })).toEqual([1, 2])
      expect(await positions({ correlationId: 'c1' })).toEqual([2, 3])
      expect(await positions({ streams: ['a'], types: ['Y'], correlationId: 'c1' })).toEqual([3])
      expect(await positions({ after: 1, limit: 2 })).toEqual([2, 3])
      expect(await positions({ streams: [] })).toEqual([])
    })

    test('a stream is read from either end, by version', async () => {
      const log = await emptyLog()
      for (let i = 0; i < 5; i += 1) await log.append([newEvent({ stream: 's' }), newEvent({ stream: 't' })])
      const versions = async (query: Parameters<EventLog['readStream']>[1]) =>
        (await log.readStream('s', query)).map((e) => e.version)
      expect(await versions({})).toEqual([1, 2, 3, 4, 5])
      expect(await versions({ after: 2, limit: 2 })).toEqual([3, 4])
      expect(await versions({ backwards: true, limit: 2 })).toEqual([5, 4])
      expect(await versions({ backwards: true, after: 3 })).toEqual([2, 1])
    })

    test('a reader cannot change the log through what it was given', async () => {
      const log = await emptyLog()
      const data = { list: [1] }
      await log.append([newEvent({ data })])
      data.list.push(2)
      const [first] = await log.read({ after: 0, limit: 1 })
      ;(first!.data.list as number[]).push(3)
      expect((await log.read({ after: 0, limit: 1 }))[0]!.data).toEqual({ list: [1] })
    })

    test('a checkpoint is saved with the events or not at all', async () => {
      const log = await emptyLog()
      expect(await log.checkpoints.load('w')).toEqual({ position: 0 })
      await log.append([newEvent()], { checkpoint: { name: 'w', state: { resourceVersion: '7' } } })
      expect(await log.checkpoints.load('w')).toEqual({ position: 0, state: { resourceVersion: '7' } })
      await expect(
        log.append([newEvent({ expectedVersion: 9 })], {
          checkpoint: { name: 'w', position: 5, state: { resourceVersion: '8' } },
        }),
      ).rejects.toThrow(StreamMovedError)
      expect(await log.checkpoints.load('w')).toEqual({ position: 0, state: { resourceVersion: '7' } })
      await log.append([], { checkpoint: { name: 'w', state: { resourceVersion: '9' } } })
      await log.checkpoints.save('w', 4)
      expect(await log.checkpoints.load('w')).toEqual({ position: 4, state: { resourceVersion: '9' } })
    })

    test('concurrent appenders leave no gap, and no reader misses an event', async () => {
      const log = await emptyLog()
      const writers = 12
      const each = 25
      const seen: RecordedEvent[] = []
      const stop = new AbortController()
      const subscribed = log.subscribe({
        after: 0,
        signal: stop.signal,
        batchSize: 7,
        onBatch: (events) => {
          seen.push(...events)
          if (seen.length >= writers * each) stop.abort()
        },
      })
      await Promise.all(
        Array.from({ length: writers }, async (_, w) => {
          for (let i = 0; i < each; i += 1) {
            await log.append([newEvent({ stream: `s${(w + i) % 5}`, dedupeKey: `${w}/${i}` })])
          }
        }),
      )
      await subscribed
      expect(seen.map((e) => e.position)).toEqual(Array.from({ length: writers * each }, (_, i) => i + 1))
      expect(new Set(seen.map((e) => e.dedupeKey)).size).toBe(writers * each)
      expect(await verifyLog(log, 100)).toEqual({ head: seen.at(-1)!.hash })
    })

    test('of many that expect the same version one wins', async () => {
      const log = await emptyLog()
      const tries = Array.from({ length: 10 }, () => log.append([newEvent({ expectedVersion: 0 })]))
      const results = await Promise.allSettled(tries)
      expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
      for (const r of results) if (r.status === 'rejected') expect(r.reason).toBeInstanceOf(StreamMovedError)
      expect(await log.head()).toBe(1)
    })

    test('a subscription hands over what was there and what comes, and rejects with what its handler throws', async () => {
      const log = await emptyLog()
      await log.append([newEvent(), newEvent()])
      const seen: number[] = []
      const subscribed = log.subscribe({
        after: 1,
        signal: new AbortController().signal,
        onBatch: async (events) => {
          seen.push(...events.map((e) => e.position))
          if (seen.includes(4)) throw new Error('handler broke')
          if (seen.length === 1) await log.append([newEvent(), newEvent()])
        },
      })
      await expect(subscribed).rejects.toThrow('handler broke')
      expect(seen).toEqual([2, 3, 4])
    })

    test('a subscription ends when its signal aborts while it waits', async () => {
      const log = await emptyLog()
      const stop = new AbortController()
      const subscribed = log.subscribe({ after: 0, signal: stop.signal, onBatch: () => stop.abort() })
      await log.append([newEvent()])
      await subscribed
      await log.subscribe({ after: 0, signal: stop.signal, onBatch: () => expect.unreachable() })
    })

    test('waiting for more ends with an append, at once when there is more already, and with the signal', async () => {
      const log = await emptyLog()
      const never = new AbortController().signal
      const waiting = log.waitForMore(0, never)
      await log.append([newEvent()])
      await waiting
      await log.waitForMore(0, never)
      await log.waitForMore(1, AbortSignal.abort())
    })

    test('append and read behave as a plain array', async () => {
      const log = await emptyLog()
      let run = 0
      const event = fc.record({
        stream: fc.constantFrom('a', 'b', 'c'),
        dedupeKey: fc.option(fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5'), { nil: undefined }),
        expectedVersion: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 4 }),
        value: fc.jsonValue(),
      })
      const batches = fc.array(fc.array(event, { maxLength: 4 }), { maxLength: 8 })
      await fc.assert(
        fc.asyncProperty(batches, async (given) => {
          // Each run has streams and keys of its own, behind what the runs before it left in the log.
          run += 1
          const base = await log.head()
          const model: NewEvent[] = []
          for (const batch of given) {
            const events = batch.map(({ value, dedupeKey, expectedVersion, stream }) =>
              newEvent({
                stream: `${run}/${stream}`,
                data: JSON.parse(JSON.stringify({ value })),
                ...(dedupeKey === undefined ? {} : { dedupeKey: `${run}/${dedupeKey}` }),
                ...(expectedVersion === undefined ? {} : { expectedVersion }),
              }),
            )
            const expected = modelAppend(model, events)
            const actual = await log.append(events).then(
              (r) => r.events.map((e) => e.position - base),
              (error) => (error instanceof StreamMovedError ? 'moved' : Promise.reject(error)),
            )
            expect(actual).toEqual(expected)
          }
          const read = await log.read({ after: base, limit: 1000 })
          expect(read.map((e) => [e.position - base, e.stream, e.dedupeKey])).toEqual(
            model.map((e, i) => [i + 1, e.stream, e.dedupeKey]),
          )
        }),
        { numRuns: 30 },
      )
      expect(await verifyLog(log)).toHaveProperty('head')
    })
  })
}

/** The contract's append, over an array: positions, or `moved`. */
function modelAppend(model: NewEvent[], events: NewEvent[]): number[] | 'moved' {
  const next = [...model]
  const positions: number[] = []
  for (const event of events) {
    const known = next.findIndex((e) => e.dedupeKey !== undefined && e.dedupeKey === event.dedupeKey)
    if (known >= 0) {
      positions.push(known + 1)
      continue
    }
    const version = next.filter((e) => e.stream === event.stream).length
    if (event.expectedVersion !== undefined && event.expectedVersion !== version) return 'moved'
    positions.push(next.push(event))
  }
  model.splice(0, model.length, ...next)
  return positions
}

export function newEvent(change: Partial<NewEvent> = {}): NewEvent {
  return {
    stream: 's',
    type: 'Happened',
    schemaVersion: 1,
    occurredAt: '2026-01-02T03:04:05.678Z',
    actor: 'test',
    correlationId: 'c',
    causationPosition: null,
    data: {},
    ...change,
  }
}
