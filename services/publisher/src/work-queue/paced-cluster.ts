import type { Cluster } from '@pod-eip/kube'
import type { Clock } from '@pod-eip/runtime'

/** A rate limit: `take` resolves when its caller may go on. */
export interface Pacer {
  take(): Promise<void>
}

/**
 * Lets `perSecond` callers through each second, evenly, after a burst of as many.
 * Each caller moves the time at which the next one is due (the generic cell rate algorithm).
 */
export function createPacer(perSecond: number, clock: Clock): Pacer {
  const intervalMs = 1000 / perSecond
  const burstMs = 1000
  let due = Number.NEGATIVE_INFINITY
  return {
    async take() {
      due = Math.max(due, clock.now() - burstMs) + intervalMs
      const waitMs = due - clock.now()
      if (waitMs > 0) await clock.sleep(waitMs)
    },
  }
}

/** A cluster whose single-object calls keep to a rate. Lists and watches are few, and not held up. */
export function pacedCluster(cluster: Cluster, pacer: Pacer): Cluster {
  const paced =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await pacer.take()
      return call(...args)
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
