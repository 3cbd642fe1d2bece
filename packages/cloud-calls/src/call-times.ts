import type { WorkerSettings } from './steps/step.ts'

/** As long as a call of Tencent Cloud without an answer may work after, at the longest, in ms. */
export const usualSettleMs = 15_000

/**
 * How long things take in the cloud, for whoever works on intents.
 * @param settleMs how long a call without an answer may still work
 */
export function callTimes(settleMs: number = usualSettleMs): Omit<WorkerSettings, 'clusterId'> {
  // What is shown lags a whole change behind, and at the worst some of them.
  return { settleMs, readLagMs: 5 * settleMs, leaseMs: settleMs + 5_000, pollMs: 500 }
}
