import type { PlaneSettings } from '../stage/control-plane.ts'
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
  'any number of EIPs is released': (s) => ({ ...s, guard: { ...s.guard, releases: null } }),
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

/** Settings are changed while it runs; services are rolled out. */
export const operationActs: readonly Act[] = [changeSettings, restartAll]
