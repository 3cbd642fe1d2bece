import { newEvent } from '@pod-eip/domain'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { systemClock as clock, SettingsError } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { confirmClusterName } from './confirm-cluster-name.ts'
import { toNewEvent } from './to-new-event.ts'

const stage = () => {
  const log = createMemoryEventLog({ clock })
  let closed = 0
  const close = async () => {
    closed += 1
  }
  const confirm = (clusterId: string, actor: string | null = 'worker') =>
    confirmClusterName({ log, clusterId, schema: 'pod_eip', actor, clock, close })
  return { log, confirm, closed: () => closed }
}

test('the first id of a log counts, and another one is refused in one sentence', async () => {
  const { log, confirm, closed } = stage()
  await confirm('cls-a')
  await confirm('cls-a', 'watcher')
  expect(closed()).toBe(0)
  await expect(confirm('cls-b')).rejects.toThrow(
    new SettingsError(
      'POD_EIP_CLUSTER_ID (--cluster-id) is "cls-b": the log in schema pod_eip of this database is that of cls-a (event 1), whose EIPs carry the tag tke-clusterId=cls-a; give that id, or a schema of its own (POD_EIP_DATABASE_SCHEMA).',
    ),
  )
  await expect(confirm('cls-b', null)).rejects.toThrow('is that of cls-a')
  expect(closed()).toBe(2)
  expect(await log.head()).toBe(1)
})

test('of two that start at the same time with different ids one is refused', async () => {
  const { confirm } = stage()
  const outcomes = await Promise.allSettled(['cls-a', 'cls-b'].map((id) => confirm(id)))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
})

test('a log of an earlier build, which has no id, is taken for that of who asks', async () => {
  const { log, confirm } = stage()
  await log.append([
    toNewEvent(newEvent('ClusterIdentified', { clusterUid: 'uid' }), {
      ...{ actor: 'watcher', correlationId: 'uid', causationPosition: null },
      occurredAt: new Date(clock.now()).toISOString(),
    }),
  ])
  await confirm('cls-a', null)
  expect(await log.head()).toBe(1)
  await confirm('cls-a')
  expect((await log.read({ after: 1, limit: 2 })).map(({ type, data }) => [type, data])).toEqual([
    ['ClusterNamed', { clusterId: 'cls-a' }],
  ])
  await expect(confirm('cls-b')).rejects.toThrow('is that of cls-a (event 2)')
})
