import { type Claim, type ObjectRef, splitClaimKey } from '@pod-eip/domain'
import { type Cluster, eipClaims } from '@pod-eip/kube'
import { isGone, namespaceGone } from '../refusals.ts'
import { fieldManager, reclaimFinalizer, type SeenObject, seeObject } from './claim-object.ts'
import { nextObjectStep, type ObjectStep, type Settled } from './next-step.ts'
import type { ObjectCache } from './object-cache.ts'

/** Brings a claim's EIPClaim object in line with the claim; writes nothing when it is. Safe to repeat. */
export interface ObjectPublisher {
  /** Whether a write is needed, by what was last seen. */
  differs(key: string, claim: Claim | null, owner: ObjectRef | null): boolean
  /**
   * Throws KubeErrors as they come.
   * @param owner whom the object is to name as its owner
   */
  publish(key: string, claim: Claim | null, owner: ObjectRef | null): Promise<void>
}

/** The longest way: status and finalizer off, gone, made anew, status again. More means that something fights us. */
const mostSteps = 8

export function createObjectPublisher(cluster: Cluster, cache: ObjectCache): ObjectPublisher {
  const settled = new Map<string, Settled>()

  const next = (key: string, claim: Claim | null, owner: ObjectRef | null) =>
    nextObjectStep(claim, cache.get(key), settled.get(key) ?? null, owner)

  async function take(key: string, step: ObjectStep): Promise<void> {
    switch (step.kind) {
      case 'apply':
        return apply(key, step)
      case 'let go':
        return letGo(key, step.uid)
      case 'delete': {
        const { namespace, name } = splitClaimKey(key)
        const left = await cluster.delete(eipClaims, namespace, name, { uid: step.uid })
        const held = (left?.metadata.finalizers ?? []).length > 0
        return left && held ? cache.put(seeObject(left)) : cache.forget(key, step.uid)
      }
    }
  }

  async function apply(key: string, { part, wanted }: ObjectStep & { kind: 'apply' }): Promise<void> {
    const before = cache.get(key)
    try {
      const subresource = part === 'status' ? { subresource: part } : {}
      const options = { fieldManager, force: true, ...subresource }
      const shown = seeObject(await cluster.apply(eipClaims, wanted.object, options))
      remember(shown, part, wanted.digest)
    } catch (error) {
      if (part !== 'status' || !isGone(error) || !before) throw error
      cache.forget(key, before.uid)
    }
  }

  function remember(shown: SeenObject, part: 'spec' | 'status', wanted: string): void {
    cache.put(shown)
    const known = settled.get(shown.key)
    const base = known?.uid === shown.uid ? known : { uid: shown.uid }
    settled.set(shown.key, { ...base, [part]: { wanted, shown: shown[part] } })
  }

  /** The finalizers are a list that others may change meanwhile: it is changed as it was just read, or not. */
  async function letGo(key: string, uid: string): Promise<void> {
    const { namespace, name } = splitClaimKey(key)
    const object = await cluster.get(eipClaims, namespace, name)
    if (object?.metadata.uid !== uid) {
      cache.forget(key, uid)
      if (object) cache.put(seeObject(object))
      return
    }
    const { resourceVersion, finalizers = [] } = object.metadata
    const left = finalizers.filter((finalizer) => finalizer !== reclaimFinalizer)
    const patch = { metadata: { uid, resourceVersion, finalizers: left } }
    try {
      const shown = await cluster.mergePatch(eipClaims, namespace, name, patch, { fieldManager })
      if (object.metadata.deletionTimestamp !== undefined && left.length === 0) cache.forget(key, uid)
      else cache.put(seeObject(shown))
    } catch (error) {
      if (!isGone(error)) throw error
      cache.forget(key, uid)
    }
  }

  return {
    differs: (key, claim, owner) => next(key, claim, owner) !== null,
    async publish(key, claim, owner) {
      for (let steps = 0; steps < mostSteps; steps += 1) {
        const step = next(key, claim, owner)
        if (!step) break
        try {
          await take(key, step)
        } catch (error) {
          // Nothing can be shown in a namespace that goes; the log keeps the claim.
          if (namespaceGone(error)) return
          throw error
        }
      }
      if (!cache.get(key)) settled.delete(key)
      if (next(key, claim, owner)) throw new Error(`EIPClaim ${key} changes as fast as it is published`)
    },
  }
}
