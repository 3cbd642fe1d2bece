import { claimsOfOwners, emptyWorld, foldEvent, isAwake, modelKinds, type World } from '@pod-eip/domain'
import type { MemoryEventLog } from '@pod-eip/event-log'
import { changedAlarms, changedIntents } from '../changed-records.ts'
import { decisionEvent } from '../decision-event.ts'
import { eventReader } from '../event-reader.ts'
import { projectBatch } from '../project-batch.ts'
import { type ProjectionStore, projectorCheckpoint } from '../projection-store.ts'
import { projectorState, readProjectorState } from '../projector-state.ts'

/**
 * The projection over an in-memory log, with the same meaning as the one in Postgres. Each step happens at
 * once, as a transaction does for those outside it.
 */
export function createMemoryProjectionStore(
  log: MemoryEventLog,
  models: World,
  reader = eventReader,
): ProjectionStore {
  return {
    async advance(options, context) {
      const checkpoint = log.loadCheckpointNow(projectorCheckpoint)
      const { undecided, outdated } = readProjectorState(checkpoint.state)
      if (outdated && checkpoint.position > 0) {
        for (const kind of modelKinds) models[kind].clear()
        const past = log.readNow({ after: 0, limit: checkpoint.position })
        for (const event of past) foldEvent(models, reader.toDomainEvent(event))
      }
      const events = log.readNow({ after: checkpoint.position, limit: options.maxEvents })
      const position = events.at(-1)?.position ?? checkpoint.position
      const atHead = position === log.headNow()
      const world = emptyWorld()
      const batch = projectBatch(
        world,
        { events: events.map(reader.toDomainEvent), position, undecided, atHead, ...options },
        context,
      )
      let next = batch.next()
      while (!next.done) {
        for (const kind of modelKinds) {
          for (const key of next.value.keys[kind])
            copy(models[kind] as Map<string, unknown>, world[kind] as Map<string, unknown>, key)
        }
        for (const key of claimsOfOwners(models, next.value.claimsOfOwners)) {
          copy(models.claims, world.claims, key)
        }
        if (next.value.awake) {
          for (const claim of models.claims.values()) {
            if (isAwake(claim)) copy(models.claims, world.claims, claim.key)
          }
        }
        next = batch.next()
      }
      const result = next.value
      log.appendNow(result.decisions.map((decision) => decisionEvent(decision, context)))
      const intents = changedIntents(world, models)
      const alarms = changedAlarms(world, models)
      for (const kind of modelKinds) {
        for (const [key, record] of world[kind]) (models[kind] as Map<string, unknown>).set(key, record)
      }
      const end = position + result.decisions.length
      log.saveCheckpointNow(projectorCheckpoint, end, projectorState(result.undecided))
      return {
        folded: events.length,
        decided: result.decisions.length,
        position: end,
        more: result.more,
        dueAt: result.dueAt,
        intents,
        alarms,
      }
    },
  }
}

function copy(from: Map<string, unknown>, to: Map<string, unknown>, key: string): void {
  const record = from.get(key)
  if (record !== undefined && !to.has(key)) to.set(key, record)
}
