/**
 * Between one producer and one consumer: the producer waits while the queue is full, the consumer takes all
 * there is, up to a batch.
 */
export interface BatchQueue<T> {
  /** Resolves when there is room for more. After `close` what is pushed is dropped. */
  push(item: T): Promise<void>
  /** The next items, in order; empty once the queue is closed and drained. */
  take(limit: number): Promise<T[]>
  /** No more items come. What is queued can still be taken, unless it is to be dropped. */
  close(drop?: boolean): void
  size(): number
}

export function createBatchQueue<T>(capacity: number): BatchQueue<T> {
  let items: T[] = []
  let closed = false
  let filled = Promise.withResolvers<void>()
  let drained = Promise.withResolvers<void>()
  return {
    async push(item) {
      if (closed) return
      items.push(item)
      filled.resolve()
      while (items.length >= capacity && !closed) {
        drained = Promise.withResolvers()
        await drained.promise
      }
    },
    async take(limit) {
      while (items.length === 0 && !closed) {
        filled = Promise.withResolvers()
        await filled.promise
      }
      const batch = items.splice(0, limit)
      drained.resolve()
      return batch
    },
    close(drop = false) {
      closed = true
      if (drop) items = []
      filled.resolve()
      drained.resolve()
    },
    size: () => items.length,
  }
}
