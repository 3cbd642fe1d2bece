import type { EventLog } from '@pod-eip/event-log'
import type { Clock } from '@pod-eip/runtime'

/** An event that was in the log. */
interface MarkedEvent {
  position: number
  hash: string
}

/** How far the log had come, kept elsewhere. */
export interface MarkOfLog {
  read(): Promise<MarkedEvent | null>
  write(marked: MarkedEvent): Promise<void>
  /** What somebody else has found that shows an older log: one sentence, else empty. */
  doubt(): Promise<string>
}

/** Notices that the log went back: that Postgres was restored from an older backup. */
export interface LogWatch {
  /**
   * What is wrong, in one sentence for the operator; empty when nothing is, or when it cannot be told. Asked as often
   * as one likes: it looks once a second.
   */
  problem(): Promise<string>
  /**
   * Marks that the log has come so far. A mark that cannot be kept is left to the next time; and so is one where the
   * mark before it cannot be read, or is of a log that this one is not: the log may have gone back unnoticed.
   */
  mark(position: number): Promise<void>
}

/** Between two looks, and between two marks, in ms. */
const everyMs = 1_000

/**
 * Holds the log against a mark that is kept outside of it. Whoever decides, or makes calls, stops as long as there is a
 * problem: what an older log believes of EIPs may be another Pod's by now.
 */
export function watchLog(deps: {
  log: Pick<EventLog, 'head' | 'read'>
  mark: MarkOfLog
  clock: Pick<Clock, 'now'>
  /** That the mark could not be read so far is a problem, too: for whoever does what cannot be taken back. */
  onlyWhenKnown?: boolean
}): LogWatch {
  const { log, mark, clock, onlyWhenKnown = false } = deps
  let lookAt = Number.NEGATIVE_INFINITY
  let markAt = Number.NEGATIVE_INFINITY
  let told = onlyWhenKnown ? notKnown : ''
  /** The mark as it was last seen: that of a process which outlives Redis and a restore of Postgres. */
  let remembered: MarkedEvent | null = null

  /** Where the mark cannot be read for a moment, what was known before counts. */
  async function look(): Promise<string> {
    const kept = await mark.read().catch(() => undefined)
    if (kept === undefined) return told !== '' || !remembered ? told : compare(remembered)
    remembered = kept ?? remembered
    const doubt = await mark.doubt().catch(() => '')
    return doubt !== '' || !remembered ? doubt : compare(remembered)
  }

  const compare = (marked: MarkedEvent) => compareLog(log, marked)

  return {
    async problem() {
      if (clock.now() >= lookAt) {
        told = await look()
        lookAt = clock.now() + everyMs
      }
      return told
    },
    async mark(position) {
      if (clock.now() < markAt || position === 0) return
      markAt = clock.now() + everyMs
      const [event] = await log.read({ after: position - 1, limit: 1 })
      const marked = await mark.read().catch(() => undefined)
      if (!event || marked === undefined) return
      const known = marked ?? remembered
      if (known && (await compare(known)) !== '') return
      await mark.write({ position, hash: event.hash }).catch(() => {})
    },
  }
}

/** How a log went back behind what was marked of it, in one sentence; empty when it did not. */
export async function compareLog(
  log: Pick<EventLog, 'head' | 'read'>,
  marked: { position: number; hash: string },
): Promise<string> {
  const head = await log.head()
  if (head < marked.position) return wentBack(`it ends at event ${head}`, marked.position)
  const [event] = await log.read({ after: marked.position - 1, limit: 1 })
  return event?.hash === marked.hash ? '' : wentBack('it has another event there', marked.position)
}

const notKnown =
  'Redis has not told so far how far the event log had come, and so whether it is an older one than there was; nothing is bound, released or shown until it does, so look at Redis and REDIS_URL.'

function wentBack(how: string, position: number): string {
  return `The event log went back: it had come to event ${position}, and ${how}, as after a restore of an older backup; nothing is decided, bound or released, so stop all services and run "eipctl recover".`
}
