import type { Clock } from '@pod-eip/runtime'

/** One who asked, and waits to be told. */
export interface Member<Q, A> {
  asked: Q
  resolve(answer: A): void
  reject(error: unknown): void
}

export interface Joining<Q, A> {
  clock: Clock
  /** What one call can carry, in the unit of `weigh`. */
  most: number
  /** What a question takes of it; at most `most`. */
  weigh(asked: Q): number
  /** How long the first who asks waits for company, in ms. */
  gatherMs: number
  /** The time to the next call for each member that the last one carried, and the longest such time, in ms. */
  spacing: { perMemberMs: number; longestMs: number }
  /** Makes the call for all members and tells each of them. Never rejects. */
  send(members: Member<Q, A>[]): Promise<void>
}

/** For questions: who asks waits for the answer. */
export const spacingOfReads = { perMemberMs: 300, longestMs: 3_500 }
/** A call that is not answered holds up those who ask later for no longer than this, in ms. */
const patienceMs = 3_000

/**
 * Joins questions of one kind into calls. After a quiet time the first goes out at once, or after `gatherMs`;
 * the more a call carried, the longer the next one gathers. A call carries only what was asked before it was
 * sent, so no answer is older than its question.
 */
export function createCallJoiner<Q, A>(joining: Joining<Q, A>): (asked: Q) => Promise<A> {
  const { clock, most, weigh, gatherMs, spacing, send } = joining
  let waiting: (Member<Q, A> & { since: number })[] = []
  let sending = false
  let lastSent = { at: Number.NEGATIVE_INFINITY, carried: 0 }
  /** Ends the gathering: there is enough for a full call. */
  let full = new AbortController()

  const load = () => waiting.reduce((sum, member) => sum + weigh(member.asked), 0)

  function take(): Member<Q, A>[] {
    let room = most
    let count = 0
    while (count < waiting.length && weigh(waiting[count]!.asked) <= room) {
      room -= weigh(waiting[count]!.asked)
      count += 1
    }
    const taken = waiting.slice(0, count)
    waiting = waiting.slice(count)
    return taken
  }

  async function gather(): Promise<void> {
    const spacingMs = Math.min(spacing.longestMs, spacing.perMemberMs * lastSent.carried)
    const due = Math.max(lastSent.at + spacingMs, waiting[0]!.since + gatherMs)
    full = new AbortController()
    if (due > clock.now() && load() < most) await clock.sleep(due - clock.now(), full.signal)
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      await gather()
      const members = take()
      lastSent = { at: clock.now(), carried: members.length }
      const ended = new AbortController()
      const sent = send(members).finally(() => ended.abort())
      await Promise.race([sent, clock.sleep(patienceMs, ended.signal)])
    }
    sending = false
  }

  return (asked) =>
    new Promise<A>((resolve, reject) => {
      waiting.push({ asked, resolve, reject, since: clock.now() })
      if (load() >= most) full.abort()
      if (sending) return
      sending = true
      void sendAll()
    })
}
