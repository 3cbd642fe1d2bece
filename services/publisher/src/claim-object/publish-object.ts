import { type Claim, type InstallationMarks, type ObjectRef, splitClaimKey } from '@pod-eip/domain'
import { type Cluster, eipClaims, type KubeObject } from '@pod-eip/kube'
import type { DefinitionState } from '../definition/definition-state.ts'
import type { DueWrite, PutRight } from '../disputes/put-right.ts'
import type { ObjectCache } from '../object-cache.ts'
import { isConflict, isGone, isStale, namespaceGone, refusalOf } from '../refusals.ts'
import type { RefusedWrites } from '../refused-writes.ts'
import { type SeenObject, seeObject, type Wanted } from './claim-object.ts'
import { type ApplyStep, nextObjectStep, type ObjectStep, type Settled } from './next-step.ts'

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

export interface ObjectPublisherDeps {
  cluster: Cluster
  names: InstallationMarks
  cache: ObjectCache<SeenObject>
  definition: DefinitionState
  putRight: PutRight
  refused: Pick<RefusedWrites, 'watch'>
  /** Whether the claim's object was brought in line with the claim as it is before this process began. */
  wasShown: (claim: Claim) => boolean
}

/** The longest way: status and finalizer off, gone, made anew, status again. More means that something fights us. */
const mostSteps = 8

export function createObjectPublisher(deps: ObjectPublisherDeps): ObjectPublisher {
  const { cluster, names, cache, definition, putRight, refused, wasShown } = deps
  const { fieldManager, reclaimFinalizer } = names
  const see = (object: KubeObject) => seeObject(object, names)
  const settled = new Map<string, Settled>()

  async function take(key: string, step: ObjectStep): Promise<void> {
    switch (step.kind) {
      case 'apply':
        return putRight.write(dueWrite(key, step), () => apply(key, step))
      case 'let go':
        return ending(key, () => letGo(key, step.uid))
      case 'delete':
        return ending(key, () => remove(key, step.uid))
    }
  }

  const ending = (key: string, call: () => Promise<void>) =>
    refused.watch({ kind: 'EIPClaim', key, part: 'finalizer' }, call)

  async function remove(key: string, uid: string): Promise<void> {
    const { namespace, name } = splitClaimKey(key)
    const left = await cluster.delete(eipClaims, namespace, name, { uid })
    const held = (left?.metadata.finalizers ?? []).length > 0
    return left && held ? cache.put(see(left)) : cache.forget(key, uid)
  }

  function dueWrite(key: string, { part, undone }: ApplyStep): DueWrite {
    const seen = cache.get(key)
    const by = (part === 'status' ? seen?.statusBy : seen?.specBy) ?? ''
    const about = { kind: 'EIPClaim', key, uid: seen?.uid ?? '', stream: `claim/${key}` } as const
    return { ...about, by: undone === 'finalizer' ? '' : by, part: undone ?? part, undone: undone !== null }
  }

  /** Returns the object as it is now; nothing when it is not the one that was looked at. */
  async function apply(key: string, { part, wanted }: ApplyStep): Promise<SeenObject | undefined> {
    const before = cache.get(key)
    try {
      const subresource = part === 'status' ? { subresource: part } : {}
      // Without force where none was seen: another installation may have made it meanwhile, which a label then tells.
      const options = { fieldManager, ...(before && { force: true }), ...subresource }
      const shown = see(await cluster.apply(eipClaims, ofWhatWasSeen(wanted, before), options))
      remember(shown, part, wanted.digest)
      return shown
    } catch (error) {
      const another = !refusalOf(error) && (isConflict(error) || (part === 'status' && isGone(error)))
      if (!another || !(await lookAgain(key, before))) throw error
      return undefined
    }
  }

  /** Whether it is another object by now, or none. Where it is the same, it is refused for a reason of its own. */
  async function lookAgain(key: string, before: SeenObject | null): Promise<boolean> {
    const { namespace, name } = splitClaimKey(key)
    const object = await cluster.get(eipClaims, namespace, name)
    const now = object && see(object)
    if (before && now?.uid !== before.uid) cache.forget(key, before.uid)
    if (now) cache.put(now)
    return now?.uid !== before?.uid || now?.heldBy !== before?.heldBy || isNobodys(before)
  }

  function remember(shown: SeenObject, part: 'spec' | 'status', wanted: string): void {
    cache.put(shown)
    const known = settled.get(shown.key)
    const base = known?.uid === shown.uid ? known : { uid: shown.uid }
    const generation = part === 'spec' ? { generation: shown.generation } : {}
    settled.set(shown.key, { ...base, ...generation, [part]: { wanted, shown: shown[part] } })
  }

  /** The finalizers are a list that others may change meanwhile: it is changed as it was just read, or not. */
  async function letGo(key: string, uid: string): Promise<void> {
    const { namespace, name } = splitClaimKey(key)
    // Whatever comes of it, nobody else has removed the object.
    settled.delete(key)
    const object = await cluster.get(eipClaims, namespace, name)
    if (object?.metadata.uid !== uid) {
      cache.forget(key, uid)
      if (object) cache.put(see(object))
      return
    }
    const { resourceVersion, finalizers = [] } = object.metadata
    const left = finalizers.filter((finalizer) => finalizer !== reclaimFinalizer)
    const patch = { metadata: { uid, resourceVersion, finalizers: left } }
    try {
      const shown = await cluster.mergePatch(eipClaims, namespace, name, patch, { fieldManager })
      if (object.metadata.deletionTimestamp !== undefined && left.length === 0) cache.forget(key, uid)
      else cache.put(see(shown))
    } catch (error) {
      if (!isStale(error)) throw error
      cache.forget(key, uid)
    }
  }

  return {
    differs: (key, claim, owner) =>
      nextObjectStep(claim, cache.get(key), settled.get(key) ?? null, { marks: names, owner }) !== null,
    async publish(key, claim, owner) {
      const next = async () => {
        const seen = cache.get(key)
        const waits = seen?.deleting && claim?.answeredDeletion !== seen.uid
        return nextObjectStep(claim, seen, settled.get(key) ?? null, {
          marks: names,
          owner,
          definitionGoing: waits ? await definition.isGoing() : false,
          wasShown: claim !== null && wasShown(claim),
          mayRepeat: (step) => putRight.mayWrite(dueWrite(key, step)),
        })
      }
      for (let steps = 0; steps < mostSteps; steps += 1) {
        const step = await next()
        if (!step) break
        try {
          await take(key, step)
        } catch (error) {
          // Nothing can be shown in a namespace that goes; the log keeps the claim.
          if (namespaceGone(error)) return
          throw error
        }
      }
      if (!cache.get(key)) forget(key)
      if (await next()) throw new Error(`EIPClaim ${key} changes as fast as it is published`)
    },
  }

  function forget(key: string): void {
    settled.delete(key)
    for (const part of ['object', 'spec', 'finalizer', 'status'] as const) {
      putRight.forget('EIPClaim', key, part)
    }
  }
}

/**
 * The uid makes the API server refuse the write when another object has taken the name; and one that is no
 * installation's yet is taken over only as it was seen.
 */
function ofWhatWasSeen({ object }: Wanted, seen: SeenObject | null): KubeObject {
  if (!seen) return object
  const { uid, resourceVersion } = seen
  const { metadata } = object
  return { ...object, metadata: { ...metadata, uid, ...(isNobodys(seen) && { resourceVersion }) } }
}

function isNobodys(seen: SeenObject | null): boolean {
  return seen !== null && !seen.ours && !seen.hasFinalizer && seen.heldBy === ''
}
