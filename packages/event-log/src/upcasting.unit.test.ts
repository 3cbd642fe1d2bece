import { expect, test } from 'vitest'
import type { JsonObject, RecordedEvent } from './event.ts'
import { createUpcast, type Upcaster } from './upcasting.ts'

const upcasters: Upcaster[] = [
  { type: 'Bound', from: 1, upcast: (data) => ({ ...data, node: 'unknown' }) },
  { type: 'Bound', from: 2, upcast: ({ ip, ...rest }) => ({ ...rest, publicIp: ip ?? '' }) },
]

function bound(schemaVersion: number, data: JsonObject): RecordedEvent {
  return {
    stream: 's',
    type: 'Bound',
    schemaVersion,
    occurredAt: '2026-01-01T00:00:00.000Z',
    actor: 'test',
    correlationId: 'c',
    causationPosition: null,
    data,
    position: 1,
    version: 1,
    recordedAt: '2026-01-01T00:00:00.000Z',
    hash: 'as it was written',
  }
}

test('an old event is brought to its newest shape, step by step, and the given one stays as it is', () => {
  const old = bound(1, { ip: '1.2.3.4' })
  const upcast = createUpcast(upcasters)
  expect(upcast(old)).toEqual({
    ...old,
    schemaVersion: 3,
    data: { publicIp: '1.2.3.4', node: 'unknown' },
  })
  expect(old).toEqual(bound(1, { ip: '1.2.3.4' }))
  const today = bound(3, { publicIp: '5.6.7.8', node: 'n' })
  expect(upcast(today)).toBe(today)
})

test('two upcasters of one version are refused', () => {
  expect(() => createUpcast([upcasters[0]!, upcasters[0]!])).toThrow('two upcasters read Bound version 1')
})
