import { seededRandom } from '@pod-eip/runtime'

/**
 * One of a list by a number in [0, 1): the one whose name comes first in an order that the number shuffles. One more
 * in the list, or one less, changes the choice only when it is itself the choice (rendezvous hashing).
 */
export function pickBy<T>(x: number, list: readonly T[]): T | undefined {
  let best: { rank: number; item: T } | undefined
  for (const [index, item] of list.entries()) {
    const rank = rankOf(x, nameOf(item) ?? String(index))
    if (!best || rank < best.rank) best = { rank, item }
  }
  return best?.item
}

function rankOf(x: number, name: string): number {
  let h = Math.floor(x * 4_294_967_296)
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193)
  return seededRandom(h).next()
}

function nameOf(item: unknown): string | undefined {
  if (typeof item === 'string') return item
  if (typeof item === 'function') return item.name
  const { metadata, name, addressId, instanceId } = item as Record<string, unknown>
  const known = (metadata as { name?: string } | undefined)?.name ?? name ?? addressId ?? instanceId
  return known === undefined ? undefined : String(known)
}
