import { createHash } from 'node:crypto'
import { type Random, seededRandom } from '@pod-eip/runtime'

/**
 * A source of chance of its own for each part of a story: one draw more in one part, or one part more, does not
 * change what the others draw.
 */
export function drawFor(seed: number, part: string): Random {
  return seededRandom(createHash('sha256').update(`${seed} ${part}`).digest().readUInt32LE())
}
