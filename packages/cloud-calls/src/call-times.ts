import type { WorkerSettings } from './steps/step.ts'

/** How long things take in the cloud, for whoever works on intents. */
export const callTimes = {
  // A call without an answer may work for this long after; the cloud's reads lag by less.
  settleMs: 15_000,
  readLagMs: 75_000,
  leaseMs: 20_000,
  pollMs: 500,
} as const satisfies Omit<WorkerSettings, 'clusterId'>
