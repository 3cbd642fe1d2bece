import { type CloudErrorClass, classifyErrorCode, type EipCloud } from '@pod-eip/cloud'
import { callTimes, handleIntent } from '@pod-eip/cloud-calls'
import { newEvent } from '@pod-eip/domain'
import type { EventLog } from '@pod-eip/event-log'
import type { IntentRuns } from '@pod-eip/queue'
import { type ProjectionStore, type ReadModels, toDomainEvent, toNewEvent } from '@pod-eip/read-models'
import type { Clock, Ids, Random } from '@pod-eip/runtime'
import { type BoundStray, type LogPlan, planFromLog } from './plan-from-log.ts'
import { stepLine } from './step-line.ts'

export interface TearingDownByLog {
  cluster: string
  by: string
  log: Pick<EventLog, 'append' | 'read' | 'head'>
  readModels: ReadModels
  store: ProjectionStore
  runs: IntentRuns
  cloud: EipCloud
  clock: Clock
  random: Random
  ids: Ids
  signal: AbortSignal
  /** What has been done, as it is done. */
  say(line: string): void
}

/** Intents worked on at once; their calls are joined, and wait for the limit on calls per second. */
const concurrency = 50
/** Between two looks when nothing is due, in ms. */
const lookMs = 500
/** Without anything new in the log for so long there is no use in waiting, in ms. */
const idleMs = 5 * 60_000
/** Whoever waits for so long until the next try waits for somebody, and not for the cloud to get done, in ms. */
const longMs = 10_000
/** An EIP that is shown for the first time may have come with the look before. */
const mostRounds = 5

/**
 * Gives the order, unless it stands in the log already, and does what the rules decide then: they unbind and release
 * by the ordinary events and calls. Services that run do the same at the same time, and no harm comes of it. Ends
 * when nothing is left that can be done now; called again it goes on where it stopped.
 */
export async function workWithLog(deps: TearingDownByLog): Promise<void> {
  const { readModels, signal } = deps
  const before = await deps.log.head()
  await order(deps)
  const told = createTelling(deps, before)
  for (let round = 0; round < mostRounds && !signal.aborted; round++) {
    await workOff(deps, told)
    const plan = await planFromLog({ ...deps, readModels })
    if (!(await findStrays(plan, deps))) return
  }
}

async function order({ cluster, by, log, readModels, clock, store, ids }: TearingDownByLog): Promise<void> {
  await projectAll({ store, clock, ids })
  if ((await readModels.cluster()).teardown) return
  const event = newEvent('TeardownOrdered', { cluster, by })
  await log.append([
    toNewEvent(event, {
      occurredAt: new Date(clock.now()).toISOString(),
      actor: `operator:${by}`,
      correlationId: `teardown/${cluster}`,
      causationPosition: null,
    }),
  ])
}

/** Folds and decides as the projector does. Under the order no setting of the projector counts. */
async function projectAll({ store, clock, ids }: Pick<TearingDownByLog, 'store' | 'clock' | 'ids'>) {
  const settings = { claimExpiredMs: null, cascade: false }
  for (;;) {
    const context = { now: new Date(clock.now()).toISOString(), nextId: () => ids.next(), settings }
    const { more } = await store.advance({ maxEvents: 2_000, maxClaims: 500 }, context)
    if (!more) return
  }
}

/** Takes the steps of all open intents until none is left, or only such as wait for somebody. */
async function workOff(deps: TearingDownByLog, told: Telling): Promise<void> {
  const { readModels, clock, signal, ids } = deps
  const handling = {
    ...deps,
    owner: `teardown-${ids.next()}`,
    settings: { clusterId: deps.cluster, ...callTimes() },
  }
  const dueAt = new Map<string, number>()
  const waits = new Set<string>()
  let progressAt = clock.now()
  while (!signal.aborted) {
    await projectAll(deps)
    if (await told.next()) progressAt = clock.now()
    const open = await readModels.openIntents()
    const ids = new Set(open.map(({ id }) => id))
    for (const id of dueAt.keys()) if (!ids.has(id)) dueAt.delete(id)
    const stuck = await stuckAmong(
      open.filter(({ id }) => waits.has(id)),
      readModels,
    )
    const going = open.filter(({ id }) => !stuck.has(id))
    if (going.length === 0 || clock.now() - progressAt > idleMs) return
    const due = going.filter(({ id }) => (dueAt.get(id) ?? 0) <= clock.now()).slice(0, concurrency)
    if (due.length === 0) {
      const next = Math.min(...going.map(({ id }) => dueAt.get(id)!))
      await clock.sleep(Math.max(10, Math.min(lookMs, next - clock.now())), signal)
      continue
    }
    await Promise.all(
      due.map(async ({ id }) => {
        const result = await handleIntent(id, handling)
        const delayMs = result.kind === 'again' ? result.delayMs : lookMs
        dueAt.set(id, clock.now() + delayMs)
        if (delayMs >= longMs) waits.add(id)
        else waits.delete(id)
      }),
    )
  }
}

/** Intents that nothing but somebody's doing gets on: the cloud refused them, and not because it is busy. */
async function stuckAmong(
  open: { id: string; members: { claim: string }[] }[],
  readModels: TearingDownByLog['readModels'],
): Promise<Set<string>> {
  const stuck = new Set<string>()
  for (const { id, members } of open) {
    const claim = await readModels.claim(members[0]!.claim)
    const code = claim?.intent?.id === id ? claim.problem?.code : undefined
    if (code && !passing.includes(classifyErrorCode(code))) stuck.add(id)
  }
  return stuck
}

const passing: CloudErrorClass[] = ['retry-soon', 'describe-again']

/**
 * Lets the log know of EIPs of ours that no claim has: the rules give them back. One that is bound becomes a claim's
 * that has no Pod, so that its unbinding is decided like any other. Says whether there were any.
 */
async function findStrays(plan: LogPlan, { log, clock, by, ids }: TearingDownByLog): Promise<boolean> {
  const now = new Date(clock.now()).toISOString()
  const told = [
    ...plan.strays.map(({ claim, ...address }) =>
      newEvent('OrphanFound', { claim, generation: 0, ...address, seenSince: now }),
    ),
    ...plan.boundStrays.map((stray) => boundStrayFound(stray, { by, now, bindingId: ids.next() })),
  ]
  const found = told.map((event) => {
    return toNewEvent(event, {
      occurredAt: now,
      actor: `operator:${by}`,
      correlationId: event.data.claim,
      causationPosition: null,
    })
  })
  if (found.length > 0) await log.append(found)
  return found.length > 0
}

function boundStrayFound(
  { claim, addressId, publicIp, allocationId, ...place }: BoundStray,
  { by, now, bindingId }: { by: string; now: string; bindingId: string },
) {
  return newEvent('ClaimRecovered', {
    ...{ claim, generation: 1, pod: null, terms: null, proof: 'Allocation', by },
    address: { source: 'auto', id: addressId, publicIp, allocationId },
    binding: { id: bindingId, podUid: '', ...place, boundAt: now },
    former: { goneAddressId: '', binding: null, intentId: '', awaitedNode: '', listings: [] },
  })
}

interface Telling {
  /** Tells what is new in the log; whether there was anything. */
  next(): Promise<boolean>
}

function createTelling({ log, say }: TearingDownByLog, after: number): Telling {
  let position = after
  return {
    async next() {
      const begin = position
      for (;;) {
        const events = await log.read({ after: position, limit: 500 })
        if (events.length === 0) return position > begin
        for (const event of events) {
          const line = stepLine(toDomainEvent(event))
          if (line) say(line)
        }
        position = events.at(-1)!.position
      }
    },
  }
}
