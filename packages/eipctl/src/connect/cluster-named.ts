import type { EventLog } from '@pod-eip/event-log'
import { upToDate } from '@pod-eip/read-models'
import { SettingsError } from '@pod-eip/runtime'
import { UsageError } from '../usage-error.ts'

/** The id of the cluster that a log is about, as its first service recorded it; `null` when none has yet. */
export async function clusterNamed(log: Pick<EventLog, 'read'>): Promise<string | null> {
  const [named] = (await log.read({ after: 0, limit: 1, types: ['ClusterNamed'] })).map(upToDate)
  return named ? String(named.data.clusterId) : null
}

/**
 * Which cluster is meant: the one that is given, which has to be that of the log, else that of the log.
 * @param given by flag or variable; empty when by neither
 * @throws SettingsError when the log is that of another one
 * @throws UsageError when nobody says which it is
 */
export async function clusterMeant(given: string, log: Pick<EventLog, 'read'> | null): Promise<string> {
  const named = log && (await clusterNamed(log))
  if (given !== '' && named && named !== given) {
    throw new SettingsError(
      `The log at DATABASE_URL is not that of ${given}: it says that it is that of ${named}; check DATABASE_URL, POD_EIP_DATABASE_SCHEMA and --cluster (POD_EIP_CLUSTER_ID).`,
    )
  }
  const meant = given || named
  if (!meant) {
    throw new UsageError(
      'name the cluster, by --cluster or POD_EIP_CLUSTER_ID: there is no log that says which one it is',
    )
  }
  return meant
}
