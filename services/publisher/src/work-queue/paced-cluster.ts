import { type Cluster, KubeError } from '@pod-eip/kube'
import type { Clock } from '@pod-eip/runtime'

/** A rate limit: `take` resolves when its caller may go on. */
export interface Pacer {
  take(): Promise<void>
  /** Lets nobody through for so long, ms. */
  pause(ms: number): void
  /** Holds nobody up any more: what is under way is to come to its end. */
  end(): void
}

/** An API server (or a proxy with a wrong clock) that asks for a longer pause would silence everything. */
const longestPauseMs = 120_000
/** For an API server that has too much to do and does not say for how long, ms. */
const usualPauseMs = 1_000

/**
 * Lets `perSecond` callers through each second, evenly, after a burst of so many.
 * Each caller moves the time at which the next one is due (the generic cell rate algorithm).
 */
export function createPacer(perSecond: number, burst: number, clock: Clock): Pacer {
  const intervalMs = 1000 / perSecond
  const burstMs = burst * intervalMs
  let due = Number.NEGATIVE_INFINITY
  let pausedUntil = Number.NEGATIVE_INFINITY
  const ended = new AbortController()
  return {
    async take() {
      // After a pause evenly from the start: a burst is what the API server could not take.
      due = Math.max(due, clock.now() - burstMs, pausedUntil) + intervalMs
      const mine = due
      while (!ended.signal.aborted) {
        const waitMs = Math.max(mine, pausedUntil) - clock.now()
        if (waitMs <= 0) return
        await clock.sleep(waitMs, ended.signal)
      }
    },
    end: () => ended.abort(),
    pause(ms) {
      pausedUntil = Math.max(pausedUntil, clock.now() + Math.min(ms, longestPauseMs))
    },
  }
}

/**
 * A cluster whose single-object calls keep to a rate, and all wait where the API server asks for it (429, such as of
 * API Priority and Fairness, or Retry-After). Lists and watches are few, and not held up.
 */
export function pacedCluster(cluster: Cluster, pacer: Pacer): Cluster {
  const paced =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await pacer.take()
      try {
        return await call(...args)
      } catch (error) {
        const pauseMs = pauseAskedFor(error)
        if (pauseMs !== null) pacer.pause(pauseMs)
        throw error
      }
    }
  return {
    list: (...args) => cluster.list(...args),
    watch: (...args) => cluster.watch(...args),
    resourceOf: (...args) => cluster.resourceOf(...args),
    get: paced((...args: Parameters<Cluster['get']>) => cluster.get(...args)),
    create: paced((...args: Parameters<Cluster['create']>) => cluster.create(...args)),
    apply: paced((...args: Parameters<Cluster['apply']>) => cluster.apply(...args)),
    mergePatch: paced((...args: Parameters<Cluster['mergePatch']>) => cluster.mergePatch(...args)),
    delete: paced((...args: Parameters<Cluster['delete']>) => cluster.delete(...args)),
  }
}

function pauseAskedFor(error: unknown): number | null {
  if (!(error instanceof KubeError)) return null
  const { status, retryAfterSeconds } = error
  if (status !== 429 && retryAfterSeconds === undefined) return null
  return retryAfterSeconds === undefined ? usualPauseMs : retryAfterSeconds * 1000
}
