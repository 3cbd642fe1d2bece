import { newEvent } from '@pod-eip/domain'
import { type EventLog, InvalidEventError, type RecordedEvent } from '@pod-eip/event-log'
import type { Clock, Logger } from '@pod-eip/runtime'
import { upToDate } from './event-reader.ts'
import { toNewEvent } from './to-new-event.ts'

export interface ClusterConfirmation {
  log: Pick<EventLog, 'read'>
  /** Uid of namespace kube-system in the cluster that is looked at; `null` when it has none. */
  clusterUid: () => Promise<string | null>
  /** Who records which cluster it is, when nobody has yet; absent: whoever asks only compares. */
  recorder?: { log: Pick<EventLog, 'append'>; actor: string }
  clock: Clock
  signal: AbortSignal
  logger: Pick<Logger, 'error' | 'warn'>
  /** Told what stands in the way, in one sentence; empty once nothing does. */
  onProblem: (sentence: string) => void
}

/** Another cluster stays another one until somebody changes the settings: looked at again this often, ms. */
const foreignRetryMs = 30_000
const failureRetryMs = 2_000

/**
 * Resolves once it is certain that the cluster is the one that the log is about, or the signal aborts: what another
 * cluster shows, and lacks, must never be taken for this one. The first recorder says which it is.
 */
export async function confirmCluster(confirmation: ClusterConfirmation): Promise<void> {
  const { clock, signal, logger, onProblem } = confirmation
  while (!signal.aborted) {
    try {
      const problem = await compare(confirmation)
      onProblem(problem)
      if (problem !== '') logger.error(problem)
      if (problem === '') return
      await clock.sleep(foreignRetryMs, signal)
    } catch (error) {
      if (error instanceof InvalidEventError) throw error
      logger.warn({ err: error }, 'could not make sure which cluster this is; it is tried again')
      await clock.sleep(failureRetryMs, signal)
    }
  }
}

async function compare({ log, clusterUid, recorder, clock }: ClusterConfirmation): Promise<string> {
  const uid = await clusterUid()
  if (uid === null) return ''
  const position = recorder ? await identified(recorder, uid, clock) : 1
  const types = ['ClusterIdentified']
  const [first] = (await log.read({ after: position - 1, limit: 1, types })).map(upToDate)
  return first && first.data.clusterUid !== uid ? foreign(uid, first) : ''
}

/** Records which cluster it is, or finds that somebody has. Returns the place of the first word, which counts. */
async function identified(
  { log, actor }: NonNullable<ClusterConfirmation['recorder']>,
  uid: string,
  clock: Clock,
): Promise<number> {
  const event = newEvent('ClusterIdentified', { clusterUid: uid })
  const { events } = await log.append([
    toNewEvent(event, {
      dedupeKey: 'cluster-identified',
      occurredAt: new Date(clock.now()).toISOString(),
      ...{ actor, correlationId: uid, causationPosition: null },
    }),
  ])
  return events[0]!.position
}

function foreign(uid: string, { position, data }: RecordedEvent): string {
  return `This is not the cluster that the event log is about: namespace kube-system has uid ${uid}, and ${data.clusterUid} in event ${position}; nothing is recorded or written, so look at KUBECONFIG, or give this cluster a database schema of its own (POD_EIP_DATABASE_SCHEMA).`
}
