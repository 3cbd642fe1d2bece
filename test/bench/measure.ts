/** One figure of one run. */
export interface Measured {
  what: string
  unit: string
  figure: number
}

/** Does `count` things and tells how many a second were done. */
export async function perSecond(what: string, count: number, work: () => Promise<void>): Promise<Measured> {
  const began = performance.now()
  await work()
  return { what, unit: 'per second', figure: (count * 1000) / (performance.now() - began) }
}

/** The middle of sorted figures. */
export function median(sorted: number[]): number {
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Runs `work` for 0 to `count - 1`, so many at a time. */
export async function atOnce(
  count: number,
  callers: number,
  work: (i: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const caller = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: callers }, caller))
}
