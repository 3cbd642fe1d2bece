import { newEvent, streamOf } from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { createPool, createPostgresEventLog, migrate, type NewEvent } from '@pod-eip/event-log'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'

/** An empty log in a schema of its own, which `close` removes. */
export async function openLog(url: string) {
  const schema = `bench_${systemIds.next().replaceAll('-', '').slice(0, 12)}`
  const pool = createPool({ url, applicationName: 'pod-eip bench', max: 20 })
  await migrate({ pool, schema })
  const log = createPostgresEventLog({ pool, schema, clock: systemClock, random: systemRandom })
  return {
    pool,
    schema,
    log,
    async close() {
      await log.close()
      await pool.query(`drop schema ${schema} cascade`)
      await pool.end()
    },
  }
}

/** A Pod that asks for an EIP, as the watcher records it. */
export function podAsks(i: number, node: string): NewEvent {
  const at = '2026-01-01T00:00:00.000Z'
  const event = newEvent(
    'PodObserved',
    podObserved({
      ...{ claim: `default/pod-${i}`, podUid: `uid-${i}`, resourceVersion: String(i + 1) },
      ...{ request: { attributes: '{"Bandwidth":"100","ISP":"BGP"}' }, node, createdAt: at },
    }),
  )
  return {
    stream: streamOf(event),
    type: event.type,
    schemaVersion: 1,
    occurredAt: at,
    actor: 'bench',
    correlationId: `uid-${i}`,
    causationPosition: null,
    dedupeKey: `bench/${i}`,
    data: { ...event.data, request: { ...event.data.request } },
  }
}
