import { type Claim, splitClaimKey } from '@pod-eip/domain'
import { type Cluster, type KubeObject, pods } from '@pod-eip/kube'
import { digest } from '../digest.ts'
import type { PutRight } from '../disputes/put-right.ts'
import type { OwnNames } from '../own-names.ts'
import { createRefusals, isStale } from '../refusals.ts'
import { type PodMark, podWrites, wantedMark } from './pod-mark.ts'
import type { PodView } from './pod-view.ts'
import { type PodCondition, type SeenPod, seePod } from './seen-pod.ts'

/** Tells Pods their EIP: annotations, and the condition of those that gate their readiness on it. */
export interface PodMarker {
  /** Whether the Pod, as it was last seen, has to be told something. */
  differs(claim: Claim): boolean
  /** Tells the Pod what it does not show. Never writes to a Pod of another uid. Safe to repeat. */
  mark(claim: Claim): Promise<void>
}

type Part = 'annotations' | 'readinessGate'

/** @param view a Pod that it does not show yet is told once it does */
export function createPodMarker(deps: {
  cluster: Cluster
  names: OwnNames
  view: PodView
  putRight: PutRight
}): PodMarker {
  const { cluster, names, view, putRight } = deps
  const { fieldManager } = names
  /** What each Pod showed or was told last: what shows something else since then was changed by somebody else. */
  const told = new Map<string, { uid: string } & Partial<Record<Part, string>>>()

  /** The Pod and what it is to be told; `null` when no Pod lives, or it was not seen yet. */
  function pair(claim: Claim): { pod: SeenPod; mark: PodMark } | null {
    const mark = wantedMark(claim)
    const pod = view.get(claim.key)
    return mark && pod?.uid === mark.podUid ? { pod, mark } : null
  }

  /** Returns the Pod as it is now; nothing when it is gone or replaced: the watch shows who is there instead. */
  async function write(call: () => Promise<KubeObject>): Promise<SeenPod | undefined> {
    try {
      const seen = seePod(await call(), names)
      view.put(seen)
      return seen
    } catch (error) {
      if (!isStale(error)) throw error
      return undefined
    }
  }

  /** The uid makes the API server refuse the write when a new Pod has taken the name. */
  function writeAnnotations(pod: SeenPod, annotations: Record<string, string | null>): Promise<KubeObject> {
    const { namespace, name } = splitClaimKey(pod.key)
    const metadata = { name, namespace, uid: pod.uid }
    // What somebody else wrote is his: an apply that does not name it would leave it there.
    if (Object.values(annotations).includes(null)) {
      const patch = { metadata: { uid: pod.uid, annotations } }
      return cluster.mergePatch(pods, namespace, name, patch, { fieldManager })
    }
    const object = { metadata: { ...metadata, annotations: annotations as Record<string, string> } }
    return cluster.apply(pods, object, { fieldManager, force: true })
  }

  function writeCondition(pod: SeenPod, condition: PodCondition): Promise<KubeObject> {
    const { namespace, name } = splitClaimKey(pod.key)
    const object = { metadata: { name, namespace, uid: pod.uid }, status: { conditions: [condition] } }
    return cluster.apply(pods, object, { fieldManager, force: true, subresource: 'status' })
  }

  return {
    differs(claim) {
      const both = pair(claim)
      return both !== null && Object.keys(podWrites(both.pod, both.mark, names)).length > 0
    },
    async mark(claim) {
      const both = pair(claim)
      if (!both) {
        if (!wantedMark(claim)) forget(claim.key)
        return
      }
      const { pod, mark } = both
      const { annotations, condition } = podWrites(pod, mark, names)
      const { eip, ...why } = mark
      // Who refuses one of them may let the other pass.
      const refusals = createRefusals()
      await refusals.during(() =>
        settle(pod, 'annotations', digest({ ...mark.eip }), annotations, (writes) =>
          writeAnnotations(pod, writes),
        ),
      )
      await refusals.during(() =>
        settle(pod, 'readinessGate', digest({ ...why, bound: eip !== null }), condition, (writes) =>
          writeCondition(pod, writes),
        ),
      )
      refusals.raise()
    },
  }

  /** Writes what a part needs, and remembers what it shows from now on, if it was written. */
  async function settle<T>(
    { key, uid, annotationsBy, conditionBy }: SeenPod,
    part: Part,
    wanted: string,
    writes: T | undefined,
    call: (writes: T) => Promise<KubeObject>,
  ): Promise<void> {
    const before = told.get(key)
    const known = before?.uid === uid ? before : { uid }
    const remember = () => void told.set(key, { ...known, [part]: wanted })
    if (writes === undefined) return remember()
    const by = part === 'annotations' ? annotationsBy : conditionBy
    const undone = known[part] === wanted
    const due = { kind: 'Pod', key, uid, part, by, undone, stream: `claim/${key}` } as const
    await putRight.write(due, async () => {
      const shown = await write(() => call(writes))
      if (shown) remember()
      return shown
    })
  }

  function forget(key: string): void {
    told.delete(key)
    for (const part of ['annotations', 'readinessGate'] as const) putRight.forget('Pod', key, part)
  }
}
