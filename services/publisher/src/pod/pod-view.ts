import type { ListWatchEvent } from '@pod-eip/kube'
import type { SeenPod } from './seen-pod.ts'

/** Pods as last seen: by the list and watch, and in the answers to our own writes. */
export interface PodView {
  get(key: string): SeenPod | null
  /** A complete list. Returns the keys of Pods that show something else of an EIP than before. */
  replace(list: SeenPod[]): string[]
  /** Changes from the watch. Returns the keys of Pods that show something else of an EIP than before. */
  follow(events: ListWatchEvent<SeenPod>[]): string[]
  /** What the answer to a write shows. */
  put(seen: SeenPod): void
}

export function createPodView(): PodView {
  const byKey = new Map<string, SeenPod>()

  /** A Pod changes all the time: only what it shows of an EIP is of interest. */
  function keep(seen: SeenPod): boolean {
    const known = byKey.get(seen.key)
    const same = known?.uid === seen.uid
    if (same && BigInt(known.resourceVersion) >= BigInt(seen.resourceVersion)) return false
    byKey.set(seen.key, seen)
    return same ? !showsTheSame(known, seen) : seen.ofInterest
  }

  return {
    get: (key) => byKey.get(key) ?? null,
    replace(list) {
      const listed = new Set(list.map(({ key }) => key))
      for (const key of byKey.keys()) if (!listed.has(key)) byKey.delete(key)
      return list.filter(keep).map(({ key }) => key)
    },
    follow(events) {
      const changed: string[] = []
      for (const { type, object } of events) {
        if (type !== 'DELETED') {
          if (keep(object)) changed.push(object.key)
        } else if (byKey.get(object.key)?.uid === object.uid) {
          byKey.delete(object.key)
        }
      }
      return changed
    },
    // The watch has shown the end of a Pod that is not known any more.
    put(seen) {
      if (byKey.get(seen.key)?.uid === seen.uid) keep(seen)
    },
  }
}

function showsTheSame(a: SeenPod, b: SeenPod): boolean {
  return (
    a.publicIp === b.publicIp &&
    a.eipId === b.eipId &&
    a.condition?.status === b.condition?.status &&
    a.condition?.reason === b.condition?.reason &&
    a.condition?.message === b.condition?.message
  )
}
