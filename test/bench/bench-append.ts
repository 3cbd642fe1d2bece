import { atOnce, type Measured, perSecond } from './measure.ts'
import { openLog, podAsks } from './open-log.ts'

const singleCallers = 16
const batchSize = 100

/** Appends to the log: of one event each, as workers record outcomes, and of many, as a watcher records a list. */
export async function benchAppend(url: string, count: number): Promise<Measured[]> {
  const { log, close } = await openLog(url)
  try {
    const alone = await perSecond(`events appended one by one, by ${singleCallers} callers`, count, () =>
      atOnce(count, singleCallers, (i) => log.append([podAsks(i, 'n1')])),
    )
    const together = await perSecond(`events appended ${batchSize} at a time`, count, async () => {
      for (let first = 0; first < count; first += batchSize) {
        const size = Math.min(batchSize, count - first)
        await log.append(Array.from({ length: size }, (_, i) => podAsks(count + first + i, 'n1')))
      }
    })
    const ratio = {
      what: `${batchSize} at a time to one by one`,
      unit: 'ratio',
      figure: together.figure / alone.figure,
    }
    return [alone, together, ratio]
  } finally {
    await close()
  }
}
