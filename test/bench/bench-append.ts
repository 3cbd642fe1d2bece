import { createCoalescingAppender } from '@pod-eip/event-log'
import { atOnce, type Measured, perSecond } from './measure.ts'
import { openLog, podObserved } from './open-log.ts'

const singleCallers = 16
const coalescedCallers = 200

/** Appends to the log of one event each: by callers on their own, and by callers that share batches. */
export async function benchAppend(url: string, count: number): Promise<Measured[]> {
  const { log, close } = await openLog(url)
  try {
    const alone = await perSecond(`appends, ${singleCallers} callers on their own`, count, () =>
      atOnce(count, singleCallers, (i) => log.append([podObserved(i, 'n1')])),
    )
    const appender = createCoalescingAppender({ log })
    const together = await perSecond(`appends, ${coalescedCallers} callers coalesced`, count, () =>
      atOnce(count, coalescedCallers, (i) => appender.append([podObserved(count + i, 'n1')])),
    )
    const ratio = { what: 'coalesced to on their own', unit: 'ratio', figure: together.figure / alone.figure }
    return [alone, together, ratio]
  } finally {
    await close()
  }
}
