import { newEvent } from '@pod-eip/domain'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { toNewEvent } from '@pod-eip/read-models'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { describe, expect, test } from 'vitest'
import { clusterMeant } from '../src/connect/cluster-named.ts'

function logOf(clusterId: string | null) {
  const log = createMemoryEventLog({ clock: createVirtualClock(0) })
  if (clusterId !== null) {
    const occurredAt = '2026-01-01T00:00:00.000Z'
    const origin = { occurredAt, actor: 'worker', correlationId: 'cluster-named', causationPosition: null }
    log.appendNow([toNewEvent(newEvent('ClusterNamed', { clusterId }), origin)])
  }
  return log
}

describe('the cluster that is meant', () => {
  test.each<[string, string, ReturnType<typeof logOf> | null]>([
    ['that of the log, when nobody gives one', '', logOf('cls-1')],
    ['the one that is given, when the log says the same', 'cls-1', logOf('cls-1')],
    ['the one that is given, when the log is older than its name', 'cls-1', logOf(null)],
    ['the one that is given, when there is no log', 'cls-1', null],
  ])('is %s', async (_, given, log) => {
    expect(await clusterMeant(given, log)).toBe('cls-1')
  })

  test('is not another one than that of the log', async () => {
    await expect(clusterMeant('cls-2', logOf('cls-1'))).rejects.toThrow(
      /^The log at DATABASE_URL is not that of cls-2: it says that it is that of cls-1; check .*\.$/,
    )
  })

  test.each([logOf(null), null])('has to be given where no log says it', async (log) => {
    await expect(clusterMeant('', log)).rejects.toThrow(
      /^name the cluster, by --cluster or POD_EIP_CLUSTER_ID/,
    )
  })
})
