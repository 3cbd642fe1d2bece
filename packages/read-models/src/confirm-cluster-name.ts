import { newEvent } from '@pod-eip/domain'
import type { EventLog, RecordedEvent } from '@pod-eip/event-log'
import { type Clock, SettingsError } from '@pod-eip/runtime'
import { upToDate } from './event-reader.ts'
import { toNewEvent } from './to-new-event.ts'

export interface ClusterName {
  log: Pick<EventLog, 'read' | 'append'>
  /** `POD_EIP_CLUSTER_ID`. */
  clusterId: string
  /** Postgres schema of the log. */
  schema: string
  /** Who records the id when nobody has yet; `null`: whoever asks only compares. */
  actor: string | null
  clock: Clock
  /** What shows that the log is an older one than there was: then nobody records anything. Empty when nothing does. */
  wentBack?: () => Promise<string>
  /** Gives back what was opened for the service, which does not start when this is refused. */
  close: () => Promise<void>
}

/**
 * Makes sure that the log is that of a cluster id. Its tag is how the EIPs of the log are found in the cloud: under
 * another one, a worker would take each of them for a stranger's. A log that has no id yet, be it new or of an earlier
 * build, gets this one, and the first word counts, whoever else starts at the same time.
 * @throws SettingsError when the log has another one
 */
export async function confirmClusterName(name: ClusterName): Promise<void> {
  try {
    await confirm(name)
  } catch (error) {
    await name.close()
    throw error
  }
}

async function confirm(name: ClusterName): Promise<void> {
  const { clusterId, schema } = name
  const recorded = await firstWord(name)
  if (!recorded || recorded.data.clusterId === clusterId) return
  const { data, position } = recorded
  throw new SettingsError(
    `POD_EIP_CLUSTER_ID (--cluster-id) is ${JSON.stringify(clusterId)}: the log in schema ${schema} of this database is that of ${data.clusterId} (event ${position}), whose EIPs carry the tag tke-clusterId=${data.clusterId}; give that id, or a schema of its own (POD_EIP_DATABASE_SCHEMA).`,
  )
}

async function firstWord({
  log,
  clusterId,
  actor,
  clock,
  wentBack = async () => '',
}: ClusterName): Promise<RecordedEvent | undefined> {
  const types = ['ClusterNamed']
  if (actor === null || (await wentBack()) !== '')
    return (await log.read({ after: 0, limit: 1, types })).map(upToDate)[0]
  const { events } = await log.append([
    toNewEvent(newEvent('ClusterNamed', { clusterId }), {
      dedupeKey: 'cluster-named',
      occurredAt: new Date(clock.now()).toISOString(),
      ...{ actor, correlationId: 'cluster-named', causationPosition: null },
    }),
  ])
  return (await log.read({ after: events[0]!.position - 1, limit: 1, types })).map(upToDate)[0]
}
