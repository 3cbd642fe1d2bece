/**
 * How soon something is to be published. `urgent`: somebody waits for it, such as a Pod for its readiness gate, the
 * scheduler for EIP slots, or a deleted object for its end. `background`: found by a comparison of everything.
 */
export type Urgency = 'urgent' | 'usual' | 'background'

const order: readonly Urgency[] = ['urgent', 'usual', 'background']

/** Every so many turns go to those who would wait longest, so that what is less urgent comes to its end too. */
const turnsBetweenLess = 8

/** Keys that wait for their turn: the most urgent first, among equals who came first. */
export interface Turns {
  /** A key that waits already keeps the more urgent of its places. */
  add(key: string, urgency: Urgency): void
  /** Takes the next key out; `undefined` when none waits. */
  next(): string | undefined
  size(): number
}

export function createTurns(): Turns {
  const waiting = new Map<Urgency, Set<string>>(order.map((urgency) => [urgency, new Set()]))
  const lists = [...waiting.values()]
  let turns = 0

  function first(): Set<string> | undefined {
    turns += 1
    const some = lists.filter((keys) => keys.size > 0)
    return turns % turnsBetweenLess === 0 ? some.at(-1) : some[0]
  }

  return {
    add(key, urgency) {
      const waits = order.find((one) => waiting.get(one)!.has(key))
      if (waits !== undefined) {
        if (order.indexOf(waits) <= order.indexOf(urgency)) return
        waiting.get(waits)!.delete(key)
      }
      waiting.get(urgency)!.add(key)
    },
    next() {
      const keys = first()
      const [key] = keys ?? []
      if (key !== undefined) keys!.delete(key)
      return key
    },
    size: () => lists.reduce((sum, keys) => sum + keys.size, 0),
  }
}
