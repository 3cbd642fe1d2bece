import type { ListWatchEvent } from '@pod-eip/kube'
import type { SeenObject } from './claim-object.ts'

/** EIPClaims as last seen: by the list and watch, and in the answers to our own writes. */
export interface ObjectCache {
  get(key: string): SeenObject | null
  all(): SeenObject[]
  /** A complete list: what is not in it is gone. Returns the keys that changed. */
  replace(list: SeenObject[]): string[]
  /** Changes from the watch. Returns the keys that changed. */
  follow(events: ListWatchEvent<SeenObject>[]): string[]
  /** What a read or the answer to a write shows. */
  put(seen: SeenObject): void
  /** The object of this uid is known to be gone. */
  forget(key: string, uid: string): void
}

export function createObjectCache(): ObjectCache {
  const byKey = new Map<string, SeenObject>()

  function keepNewer(seen: SeenObject): boolean {
    const known = byKey.get(seen.key)
    if (known && BigInt(known.resourceVersion) >= BigInt(seen.resourceVersion)) return false
    byKey.set(seen.key, seen)
    return true
  }

  function forget(key: string, uid: string): boolean {
    return byKey.get(key)?.uid === uid && byKey.delete(key)
  }

  return {
    get: (key) => byKey.get(key) ?? null,
    all: () => [...byKey.values()],
    replace(list) {
      const listed = new Set(list.map((seen) => seen.key))
      const vanished = [...byKey.keys()].filter((key) => !listed.has(key))
      for (const key of vanished) byKey.delete(key)
      return [...vanished, ...list.filter(keepNewer).map((seen) => seen.key)]
    },
    follow(events) {
      const changed = events.filter(({ type, object }) =>
        type === 'DELETED' ? forget(object.key, object.uid) : keepNewer(object),
      )
      return changed.map(({ object }) => object.key)
    },
    put: (seen) => void keepNewer(seen),
    forget: (key, uid) => void forget(key, uid),
  }
}
