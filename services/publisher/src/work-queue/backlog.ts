import type { DomainEvent } from '@pod-eip/domain'

/** Events that were read from the log and are not published yet, by key, each key's in order. */
export interface Backlog {
  /** Everything up to `position` was published before. */
  begin(position: number): void
  add(key: string, event: DomainEvent): void
  /** An event at `position` has nothing to publish. */
  pass(position: number): void
  of(key: string): readonly DomainEvent[]
  /** The key's events up to `position` are told and not needed any more; published they are with {@link shown}. */
  told(key: string, position: number): void
  /** What follows from what was told of the key is shown. */
  shown(key: string): void
  /** The key's events up to `position` are told, and what follows from them is shown. */
  done(key: string, position: number): void
  /** Everything up to here is published: what a checkpoint may say. */
  publishedUpTo(): number
  size(): number
  /** Resolves when fewer than `limit` events wait, or the signal aborts. */
  roomBelow(limit: number, signal: AbortSignal): Promise<void>
}

export function createBacklog(): Backlog {
  const byKey = new Map<string, DomainEvent[]>()
  /** Position of the first event of a key that is told, and whose consequence is not shown. */
  const unshown = new Map<string, number>()
  let read = 0
  let size = 0
  let shrunk = Promise.withResolvers<void>()

  function told(key: string, position: number): void {
    const events = byKey.get(key) ?? []
    const left = events.filter((event) => event.position > position)
    if (left.length < events.length && !unshown.has(key)) unshown.set(key, events[0]!.position)
    if (left.length > 0) byKey.set(key, left)
    else byKey.delete(key)
    size -= events.length - left.length
    shrunk.resolve()
  }

  return {
    begin(position) {
      read = position
    },
    add(key, event) {
      const events = byKey.get(key)
      if (events) events.push(event)
      else byKey.set(key, [event])
      read = Math.max(read, event.position)
      size += 1
    },
    pass(position) {
      read = Math.max(read, position)
    },
    of: (key) => byKey.get(key) ?? [],
    told,
    shown: (key) => void unshown.delete(key),
    done(key, position) {
      told(key, position)
      unshown.delete(key)
    },
    publishedUpTo() {
      let position = read
      for (const [first] of byKey.values()) position = Math.min(position, first!.position - 1)
      for (const first of unshown.values()) position = Math.min(position, first - 1)
      return position
    },
    size: () => size,
    async roomBelow(limit, signal) {
      const abort = () => shrunk.resolve()
      signal.addEventListener('abort', abort, { once: true })
      while (size >= limit && !signal.aborted) {
        shrunk = Promise.withResolvers()
        await shrunk.promise
      }
      signal.removeEventListener('abort', abort)
    },
  }
}
