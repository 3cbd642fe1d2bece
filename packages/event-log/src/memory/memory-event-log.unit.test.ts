import { expect, test } from 'vitest'
import type { NewEvent } from '../event.ts'
import { createMemoryEventLog } from './memory-event-log.ts'

const event = (type: string): NewEvent => ({
  ...{ stream: 'claim/a', type, schemaVersion: 1, occurredAt: '2026-01-01T00:00:00Z', actor: 'test' },
  ...{ correlationId: 'c', causationPosition: null, data: {}, dedupeKey: type },
})

test('a backup brings back events, their streams, what is known of repetitions, and checkpoints', () => {
  const log = createMemoryEventLog({ clock: { now: () => 0, sleep: async () => {} } })
  log.appendNow([event('One')])
  log.saveCheckpointNow('projector', 1)
  const restore = log.backUp()
  for (const again of ['once', 'another time']) {
    log.appendNow([event('Two'), event('Three')])
    log.saveCheckpointNow('projector', 3)
    restore()
    expect([again, log.headNow(), log.loadCheckpointNow('projector').position]).toEqual([again, 1, 1])
    expect(log.readStreamNow('claim/a').map(({ type }) => type)).toEqual(['One'])
  }
  const { events } = log.appendNow([event('One'), event('Two')])
  expect(events.map(({ position, isNew }) => [position, isNew])).toEqual([
    [1, false],
    [2, true],
  ])
})
