import type { Cluster } from '@pod-eip/kube'
import type { LogWatch } from '@pod-eip/read-models'
import type { Clock, Logger } from '@pod-eip/runtime'

/** Between two looks while the log is an older one than there was, in ms. */
const retryMs = 2_000

export interface HoldingBack {
  /** Absent where nobody keeps a mark of the log. */
  logWatch: Pick<LogWatch, 'problem'> | undefined
  clock: Pick<Clock, 'sleep'>
  signal: AbortSignal
  logger: Pick<Logger, 'error'>
}

/** Lets nobody through while the log is an older one than there was. */
export interface Gate {
  /** Resolves when one may go on. Rejects where the log cannot be looked at, and when the signal aborts meanwhile. */
  through(): Promise<void>
  /** What it waits for, in one sentence; empty when it does not. */
  problem(): string
}

export function createGate({ logWatch, clock, signal, logger }: HoldingBack): Gate {
  let told = ''
  return {
    async through() {
      for (;;) {
        const problem = (await logWatch?.problem()) ?? ''
        if (problem !== '' && problem !== told) logger.error(problem)
        told = problem
        if (problem === '') return
        await clock.sleep(retryMs, signal)
        signal.throwIfAborted()
      }
    },
    problem: () => told,
  }
}

/**
 * A cluster to which nothing is written while the log is an older one than there was: what EIPClaims and Pods say of
 * their EIPs is truer then than the read models are, and it is what `eipctl recover` goes by.
 */
export function heldBack(cluster: Cluster, gate: Gate): Cluster {
  const held =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await gate.through()
      return call(...args)
    }
  return {
    list: (...args) => cluster.list(...args),
    watch: (...args) => cluster.watch(...args),
    get: (...args) => cluster.get(...args),
    resourceOf: (...args) => cluster.resourceOf(...args),
    create: held((...args: Parameters<Cluster['create']>) => cluster.create(...args)),
    apply: held((...args: Parameters<Cluster['apply']>) => cluster.apply(...args)),
    mergePatch: held((...args: Parameters<Cluster['mergePatch']>) => cluster.mergePatch(...args)),
    delete: held((...args: Parameters<Cluster['delete']>) => cluster.delete(...args)),
  }
}
