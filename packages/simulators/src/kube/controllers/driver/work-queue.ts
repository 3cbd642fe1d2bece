/** The keys that have to be looked at: now, in the order of arrival, or at a time to come. */
export interface WorkQueue {
  /** Looks at the key soon; once, however often it is added before. */
  add(key: string): void
  /** Looks at the key at `due` (ms since the epoch); replaces the time that it had. */
  addAt(key: string, due: number): void
  /** Forgets the time that the key had. */
  clearTime(key: string): void
  /** The next key that is due; `null` when none is. */
  take(now: number): string | null
  /** When `take` will bring something: `now` or a time to come; `null` when nothing is planned. */
  nextDueAt(now: number): number | null
}

/** An empty queue; `onAdd` is called whenever there may be something earlier to do than before. */
export function createWorkQueue(onAdd: () => void): WorkQueue {
  const ready = new Set<string>()
  const times = new Map<string, { due: number; order: number }>()
  const heap: Timer[] = []
  let order = 0

  /** The earliest time that still holds. */
  const earliest = (): Timer | undefined => {
    while (heap[0] && times.get(heap[0].key)?.order !== heap[0].order) pop(heap)
    return heap[0]
  }
  return {
    add(key) {
      ready.add(key)
      onAdd()
    },
    addAt(key, due) {
      order += 1
      times.set(key, { due, order })
      push(heap, { key, due, order })
      onAdd()
    },
    clearTime(key) {
      times.delete(key)
    },
    take(now) {
      for (let timer = earliest(); timer && timer.due <= now; timer = earliest()) {
        times.delete(timer.key)
        ready.add(timer.key)
      }
      for (const key of ready) {
        ready.delete(key)
        return key
      }
      return null
    },
    nextDueAt(now) {
      return ready.size > 0 ? now : (earliest()?.due ?? null)
    },
  }
}

interface Timer {
  key: string
  due: number
  /** Equal times go in the order in which they were planned, so that a run repeats exactly. */
  order: number
}

function before(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order)
}

function push(heap: Timer[], timer: Timer): void {
  let i = heap.length
  heap.push(timer)
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (!before(timer, heap[parent]!)) break
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = timer
}

function pop(heap: Timer[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1
    if (!before(heap[child]!, last)) break
    heap[i] = heap[child]!
    i = child
  }
  heap[i] = last
}
