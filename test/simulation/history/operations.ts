import { modelVersion } from '@pod-eip/domain'
import { projectorCheckpoint } from '@pod-eip/read-models'
import type { ControlPlane, PlaneSettings } from '../stage/control-plane.ts'
import type { Act } from './act.ts'

const minute = 60_000

/** What an operator may change, and how he says it. */
const changes: Record<string, (settings: PlaneSettings) => PlaneSettings> = {
  'kept EIPs expire after 5 minutes': (s) => ({ ...s, claimExpiredMs: 5 * minute }),
  'kept EIPs expire after 7 minutes': (s) => ({ ...s, claimExpiredMs: 7 * minute }),
  'kept EIPs never expire': (s) => ({ ...s, claimExpiredMs: null }),
  'kept EIPs go with their workload': (s) => ({ ...s, cascade: true }),
  'kept EIPs stay when their workload goes': (s) => ({ ...s, cascade: false }),
  'none may be missed at once': (s) => ({ ...s, guard: { ...s.guard, missedCount: 0 } }),
  '2 may be missed at once': (s) => ({ ...s, guard: { ...s.guard, missedCount: 2 } }),
  'no more than 3 EIPs are released in 10 minutes': (s) => ({ ...s, guard: { ...s.guard, releases: 3 } }),
  'no more than half of the EIPs are released in 10 minutes': (s) => ({
    ...s,
    guard: { ...s.guard, releasedShare: 0.5 },
  }),
  'any number of EIPs is released': (s) => ({
    ...s,
    guard: { ...s.guard, releases: null, releasedShare: null },
  }),
}

const changeSettings: Act = ({ plane, random, pick }) => {
  const what = pick(Object.keys(changes))!
  const overlapMs = random.next() * 30_000
  plane.rollOut(changes[what]!(plane.settings), overlapMs)
  return `from now on ${what}: every service starts anew beside the one before, which ends after ${Math.ceil(overlapMs / 1000)} s`
}

const restartAll: Act = ({ plane, random }) => {
  const overlapMs = random.next() * 30_000
  plane.rollOut(plane.settings, overlapMs)
  return `kubectl rollout restart of all services: those before end after ${Math.ceil(overlapMs / 1000)} s`
}

/** Says which model version last wrote the read models, as a projector of another build does. */
function writtenBy(model: number, { log }: ControlPlane): void {
  const { position, state } = log.loadCheckpointNow(projectorCheckpoint)
  log.saveCheckpointNow(projectorCheckpoint, position, { ...state, model })
}

/** Model version of the build that last wrote them; one change of builds at a time. */
function lastWriter({ log }: ControlPlane): unknown {
  return log.loadCheckpointNow(projectorCheckpoint).state?.model
}

/**
 * Until now a build ran whose rules folded otherwise: what it wrote differs where nobody acts on it. Where this build has
 * other schemas of events than the one before (`--older-schemas`), it wrote those.
 */
const upgrade: Act = ({ plane, random }) => {
  if (lastWriter(plane) !== modelVersion) return null
  const { claims, addresses } = plane.models.world
  for (const [key, claim] of claims) {
    if (claim.phase === 'Released') claims.delete(key)
    else claims.set(key, { ...claim, openedAt: '' })
  }
  for (const [id, address] of addresses) addresses.set(id, { ...address, allocatedAt: '' })
  writtenBy(modelVersion - 1, plane)
  plane.endOlderBuild()
  const overlapMs = random.next() * 30_000
  plane.rollOut(plane.settings, overlapMs)
  return 'an upgrade: until now a build ran that folded the log otherwise'
}

/** A newer build was tried and taken back: what it wrote this one leaves alone, until the newer one is back. */
const rollBack: Act = ({ plane, random, later }) => {
  if (lastWriter(plane) !== modelVersion) return null
  const ms = 5_000 + random.next() * 55_000
  writtenBy(modelVersion + 1, plane)
  later(ms, () => {
    if (lastWriter(plane) === modelVersion + 1) writtenBy(modelVersion, plane)
  })
  return `a newer build is rolled back; ${Math.ceil(ms / 1000)} s later it is there again`
}

/** Settings are changed while it runs; services are rolled out, upgraded and rolled back. */
export const operationActs: readonly Act[] = [changeSettings, restartAll, upgrade, rollBack]
