import type { Cluster } from '@pod-eip/kube'

/**
 * A cluster to which nothing is written while the log is an older one than there was: what EIPClaims and Pods say of
 * their EIPs is truer then than the read models are, and it is what `eipctl recover` goes by.
 * @param logIsKnown resolves while it is not, waits while it is
 */
export function heldBack(cluster: Cluster, logIsKnown: () => Promise<void>): Cluster {
  const held =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      await logIsKnown()
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
