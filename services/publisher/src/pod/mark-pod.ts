import { type AnnotationNames, type Claim, splitClaimKey } from '@pod-eip/domain'
import { type Cluster, type KubeObject, pods } from '@pod-eip/kube'
import { fieldManager } from '../claim-object/claim-object.ts'
import { digest } from '../digest.ts'
import { isStale } from '../refusals.ts'
import type { MarkWatch } from './mark-watch.ts'
import { mayBeMarked, type PodMark, podWrites, wantedMark } from './pod-mark.ts'

/** Tells Pods their EIP: annotations, and the condition of those that gate their readiness on it. */
export interface PodMarker {
  /** Whether the Pod may have to be told something. */
  differs(claim: Claim): boolean
  /** Reads the Pod and tells it what it does not know yet. Never writes to a Pod of another uid. Safe to repeat. */
  mark(claim: Claim): Promise<void>
}

/** @param watch knows which Pods show what they were not told */
export function createPodMarker(cluster: Cluster, names: AnnotationNames, watch: MarkWatch): PodMarker {
  /** What each claim's Pod was told last. Lost at a restart, it is found again by reading the Pods. */
  const told = new Map<string, string>()

  function missing(claim: Claim): PodMark | null {
    const mark = wantedMark(claim)
    if (!mark) {
      told.delete(claim.key)
      watch.forget(claim.key)
      return null
    }
    const known = told.get(claim.key)
    if (watch.isForged(claim.key)) return mark
    if (known === digest(mark)) return null
    return mark.eip || known !== undefined || mayBeMarked(claim) ? mark : null
  }

  /** Returns the Pod as the annotations left it. */
  async function write(pod: KubeObject, mark: PodMark): Promise<KubeObject> {
    const { name, namespace = '' } = pod.metadata
    const { annotations, condition } = podWrites(pod, mark, names)
    // The uid makes the API server refuse the write when a new Pod has taken the name.
    const uid = mark.podUid
    const marked = annotations
      ? await cluster.mergePatch(pods, namespace, name, { metadata: { uid, annotations } }, { fieldManager })
      : pod
    if (condition) {
      const status = { conditions: [condition] }
      const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, uid }, status }
      await cluster.apply(pods, object, { fieldManager, force: true, subresource: 'status' })
    }
    return marked
  }

  async function read(claim: Claim, mark: PodMark): Promise<KubeObject | null> {
    const { namespace, name } = splitClaimKey(claim.key)
    const pod = await cluster.get(pods, namespace, name)
    return pod?.metadata.uid === mark.podUid ? pod : null
  }

  return {
    differs: (claim) => missing(claim) !== null,
    async mark(claim) {
      const mark = missing(claim)
      if (!mark) return
      const pod = await read(claim, mark)
      if (pod) {
        try {
          watch.told(watch.see(await write(pod, mark)))
        } catch (error) {
          // Gone or replaced since it was read: then there is nobody to tell.
          if (!isStale(error) || (await read(claim, mark))) throw error
        }
      }
      told.set(claim.key, digest(mark))
    },
  }
}
