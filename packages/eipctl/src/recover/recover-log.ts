import type { EventLog } from '@pod-eip/event-log'
import type { LogMark } from '@pod-eip/queue'
import type { ProjectionStore } from '@pod-eip/read-models'
import type { Clock, Ids } from '@pod-eip/runtime'
import { planRecovery, type RecoveryPlan } from './plan-recovery.ts'
import { recoveryEvents } from './recovery-events.ts'
import { type Seeing, seeEverything } from './see-everything.ts'
import type { Seen } from './seen.ts'

export interface RecoveringLog extends Seeing {
  log: Pick<EventLog, 'read' | 'head' | 'append' | 'checkpoints'>
  mark: Pick<LogMark, 'write'>
  store: ProjectionStore
  clock: Pick<Clock, 'now'>
  ids: Ids
  by: string
  /** Brings it up to that; else it is only looked at. */
  yes: boolean
}

/** What the watcher has handled is forgotten, so that it reads complete lists. */
const watcherCheckpoints = ['pods', 'nodes', 'eipclaims.networking.tke.cloud.tencent.com']

/**
 * What the log has otherwise than cloud and cluster; where it is wanted, the log is brought up to that. Nothing may
 * run meanwhile that decides or calls. It can be cut off at any moment and run again: what is there already is not
 * appended another time.
 */
export async function recoverLog(deps: RecoveringLog): Promise<{ plan: RecoveryPlan; seen: Seen }> {
  const { clock, ids, yes } = deps
  const seen = await seeEverything(deps)
  const now = new Date(clock.now()).toISOString()
  const plan = planRecovery(seen, { nextId: () => ids.next(), now })
  if (yes) await bringUp(plan, now, deps)
  return { plan, seen }
}

/** Appends all of it at once, and lets the services go on from there. */
async function bringUp(plan: RecoveryPlan, now: string, deps: RecoveringLog): Promise<void> {
  const { log, mark, by, ids } = deps
  for (const name of watcherCheckpoints) await log.checkpoints.save(`watcher/${name}`, 0, { recovered: now })
  const { events } = await log.append(recoveryEvents(plan, { by, now, recovery: ids.next() }))
  const { position } = events.at(-1)!
  await foldUpTo(position, now, deps)
  const [last] = await log.read({ after: position - 1, limit: 1 })
  await mark.write({ position, hash: last!.hash })
}

/** No worker finds an order in the read models that is not to be carried out any more. The projector decides later. */
async function foldUpTo(position: number, now: string, { store, ids }: RecoveringLog): Promise<void> {
  const settings = { claimExpiredMs: null, cascade: false }
  const context = { now, nextId: () => ids.next(), settings }
  for (let folded = 0; folded < position; ) {
    folded = (await store.advance({ maxEvents: 2_000, maxClaims: 500, foldOnly: true }, context)).position
  }
}
