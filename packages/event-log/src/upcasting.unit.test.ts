import { systemClock } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { createMemoryEventLog } from './memory/memory-event-log.ts'
import { createUpcast } from './upcasting.ts'

const upcasters = [
  { type: 'Bound', from: 1, upcast: (data: object) => ({ ...data, node: 'unknown' }) },
  { type: 'Bound', from: 2, upcast: ({ ip, ...rest }: { ip?: string }) => ({ ...rest, publicIp: ip ?? '' }) },
]

function bound(schemaVersion: number, data: Record<string, string>) {
  return {
    stream: 's',
    type: 'Bound',
    schemaVersion,
    occurredAt: '2026-01-01T00:00:00.000Z',
    actor: 'test',
    correlationId: 'c',
    causationPosition: null,
    data,
  }
}

test('an old event is read in its newest shape, step by step, and stays as it was written', async () => {
  const log = createMemoryEventLog({ clock: systemClock, upcast: createUpcast(upcasters) })
  await log.append([bound(1, { ip: '1.2.3.4' }), bound(3, { publicIp: '5.6.7.8', node: 'n' })])
  const read = await log.read({ after: 0, limit: 10 })
  expect(read.map((e) => [e.schemaVersion, e.data])).toEqual([
    [3, { publicIp: '1.2.3.4', node: 'unknown' }],
    [3, { publicIp: '5.6.7.8', node: 'n' }],
  ])
  expect(await log.readStream('s')).toEqual(read)
})

test('two upcasters of one version are refused', () => {
  expect(() => createUpcast([upcasters[0]!, upcasters[0]!])).toThrow('two upcasters read Bound version 1')
})
