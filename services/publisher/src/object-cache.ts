import type { CompleteList, ListWatchEvent } from '@pod-eip/kube'

/** What is kept of an object. */
export interface Seen {
  /** `namespace/name`. */
  key: string
  uid: string
  resourceVersion: string
}

/**
 * Objects of one kind as last seen: by the list and watch, and in the answers to our own reads and writes. What comes
 * late, such as events of a slow watch, never takes the place of what is newer.
 */
export interface ObjectCache<T extends Seen> {
  get(key: string): T | null
  all(): T[]
  /** A complete list: what is not in it is gone. Returns the keys that changed. */
  replace(list: CompleteList<T>): string[]
  /** Changes from the watch, with the position that they lead to. Returns the keys that changed. */
  follow(events: ListWatchEvent<T>[], resourceVersion: string): string[]
  /** What a read or the answer to a write shows. It may arrive after the watch has shown the object's end. */
  put(seen: T): void
  /** The object of this uid is known to be gone. */
  forget(key: string, uid: string): void
}

export function createObjectCache<T extends Seen>(): ObjectCache<T> {
  const byKey = new Map<string, T>()
  /** Up to here list and watch have shown everything. */
  let position = 0n

  function keepNewer(seen: T): boolean {
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
    replace({ items, resourceVersion }) {
      const listed = new Set(items.map((seen) => seen.key))
      const vanished = [...byKey.keys()].filter((key) => !listed.has(key))
      for (const key of vanished) byKey.delete(key)
      const changed = items.filter(keepNewer).map((seen) => seen.key)
      position = BigInt(resourceVersion)
      return [...vanished, ...changed]
    },
    follow(events, resourceVersion) {
      const changed = events.filter(({ type, object }) =>
        type === 'DELETED' ? forget(object.key, object.uid) : keepNewer(object),
      )
      position = BigInt(resourceVersion)
      return changed.map(({ object }) => object.key)
    },
    put(seen) {
      // An object that the watch has passed and does not show any more is gone.
      const passed = BigInt(seen.resourceVersion) <= position
      if (passed && byKey.get(seen.key)?.uid !== seen.uid) return
      keepNewer(seen)
    },
    forget: (key, uid) => void forget(key, uid),
  }
}
