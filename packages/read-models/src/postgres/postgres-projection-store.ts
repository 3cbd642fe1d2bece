import { type DecisionContext, emptyWorld, foldEvent } from '@pod-eip/domain'
import { inTransaction, type PostgresEventLog, schemaName } from '@pod-eip/event-log'
import type pg from 'pg'
import { changedAlarms, changedIntents } from '../changed-records.ts'
import { decisionEvent } from '../decision-event.ts'
import { type EventReader, eventReader } from '../event-reader.ts'
import { type BatchResult, type Needs, projectBatch } from '../project-batch.ts'
import {
  type AdvanceOptions,
  type AdvanceReport,
  type ProjectionStore,
  projectorCheckpoint,
} from '../projection-store.ts'
import { projectorState, readProjectorState } from '../projector-state.ts'
import { type ModelTables, openModelTables } from './model-tables.ts'

/** The projection in Postgres: events, read models and checkpoint move in one transaction. */
export function createPostgresProjectionStore(
  log: PostgresEventLog,
  pool: pg.Pool,
  schema: string,
  reader: EventReader = eventReader,
): ProjectionStore {
  const tables = openModelTables(schemaName(schema))
  return {
    advance: (options, context) =>
      inTransaction(pool, (client) => advance(client, { log, tables, reader }, options, context)),
  }
}

async function advance(
  client: pg.PoolClient,
  { log, tables, reader }: { log: PostgresEventLog; tables: ModelTables; reader: EventReader },
  options: AdvanceOptions,
  context: DecisionContext,
): Promise<AdvanceReport> {
  const checkpoint = await log.lockCheckpointWithin(client, projectorCheckpoint)
  const { undecided, outdated } = readProjectorState(checkpoint.state)
  const rebuilt = outdated && checkpoint.position > 0
  if (rebuilt) await rebuild(client, { log, tables, reader }, checkpoint.position)
  const { events, atHead } = await nextEvents(client, log, checkpoint.position, options.maxEvents)
  const position = events.at(-1)?.position ?? checkpoint.position
  if (
    !rebuilt &&
    events.length === 0 &&
    undecided.claims.length === 0 &&
    undecided.nodes.length === 0 &&
    undecided.held.length === 0 &&
    !options.revisit
  ) {
    return { folded: 0, decided: 0, position, more: false, dueAt: null, intents: [], alarms: [] }
  }

  const world = emptyWorld()
  const loaded = emptyWorld()
  const batch = projectBatch(
    world,
    { events: events.map(reader.toDomainEvent), position, undecided, atHead, ...options },
    context,
  )
  const result = await drive(batch, (needs) => tables.load(client, needs, world, loaded))
  const decisions = result.decisions.map((decision) => decisionEvent(decision, context))
  const appended = await log.appendWithin(client, decisions)
  assertFolded(result, appended.events)
  await tables.saveChanged(client, world, loaded)
  const end = position + result.decisions.length
  await log.saveCheckpointWithin(client, {
    name: projectorCheckpoint,
    position: end,
    state: projectorState(result.undecided),
  })
  return {
    folded: events.length,
    decided: result.decisions.length,
    position: end,
    more: result.more,
    dueAt: result.dueAt,
    intents: changedIntents(world, loaded),
    alarms: changedAlarms(world, loaded),
  }
}

/** Events folded at once while the read models are rebuilt. */
const rebuildBatch = 2_000

/**
 * Folds the log anew into empty tables: an older build wrote what is in them, and this one folds otherwise. Whoever
 * reads sees what was there before until the transaction ends.
 */
async function rebuild(
  client: pg.PoolClient,
  { log, tables, reader }: { log: PostgresEventLog; tables: ModelTables; reader: EventReader },
  upTo: number,
): Promise<void> {
  const world = emptyWorld()
  for (let after = 0; after < upTo; ) {
    const events = await log.readWithin(client, { after, limit: Math.min(rebuildBatch, upTo - after) })
    if (events.length === 0) throw new Error(`the log ends at ${after}, and ${upTo} was folded before`)
    for (const event of events) foldEvent(world, reader.toDomainEvent(event))
    after = events.at(-1)!.position
  }
  await tables.clear(client)
  await tables.saveChanged(client, world, emptyWorld())
}

/**
 * The next events. Near the end of the log it is locked first: nobody appends between what is read here and
 * the decisions that follow from it.
 */
async function nextEvents(client: pg.PoolClient, log: PostgresEventLog, after: number, limit: number) {
  const unlocked = await log.readWithin(client, { after, limit })
  if (unlocked.length === limit) return { events: unlocked, atHead: false }
  const head = await log.lockHead(client)
  const last = unlocked.at(-1)?.position ?? after
  const rest = head > last ? await log.readWithin(client, { after: last, limit: head - last }) : []
  return { events: [...unlocked, ...rest], atHead: true }
}

async function drive(
  batch: Generator<Needs, BatchResult, void>,
  load: (needs: Needs) => Promise<void>,
): Promise<BatchResult> {
  for (let next = batch.next(); ; next = batch.next()) {
    if (next.done) return next.value
    await load(next.value)
  }
}

/** The rules fold a decision at the position it will have: the log must give it that one. */
function assertFolded(result: BatchResult, appended: { position: number }[]): void {
  for (const [i, decision] of result.decisions.entries()) {
    if (appended[i]?.position !== decision.position) {
      throw new Error(
        `decision ${decision.event.type} was folded at ${decision.position} but recorded at ${appended[i]?.position}`,
      )
    }
  }
}
