/**
 * Letters to change, to add or to take away to make one word of another; any number above `most` where it is more
 * than that: what is much longer is far away, whatever it says.
 */
export function editDistance(from: string, to: string, most: number): number {
  if (Math.abs(from.length - to.length) > most) return most + 1
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++) {
      const swap = row[j]! + (letter === to[j] ? 0 : 1)
      next.push(Math.min(swap, row[j + 1]! + 1, next[j]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
