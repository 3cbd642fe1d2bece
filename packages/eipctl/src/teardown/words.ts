import { formatTable } from '../table.ts'
import { isLeft, type TeardownItem } from './item.ts'

/** Every EIP that has to do with the cluster, and what is done about it. */
export function itemTable(items: TeardownItem[]): string {
  return formatTable(
    ['EIP', 'ADDRESS', 'CLAIM', 'BOUND-TO', 'DOES', 'WHY'],
    items.map(({ addressId, publicIp, claim, boundTo, does, says }) => [
      ...[addressId || '-', publicIp || '-', claim || '-', boundTo || '-', does, says],
    ]),
  )
}

export function livePodsSentence(count: number): string {
  return count === 1
    ? 'By the log 1 Pod that lives has one of them, and loses it.'
    : `By the log ${count} Pods that live have one of them each, and lose it.`
}

/** What a plan comes to. */
export function planSentences(items: TeardownItem[], cluster: string, source: 'log' | 'tags'): string[] {
  const left = items.filter(isLeft)
  if (left.length === 0) return [nothingLeft(cluster, items)]
  const again = `eipctl teardown --cluster ${cluster}${source === 'tags' ? ' --without-log' : ''} --yes`
  const by =
    source === 'tags' ? ['EIPs of yours (eip-id-list) carry no tag, so that only the log knows them.'] : []
  return [...by, `Nothing was changed. To do this: ${again}`]
}

/** What is left after all was done that could be done. */
export function resultSentences(items: TeardownItem[], cluster: string): string[] {
  const left = items.filter(isLeft)
  if (left.length === 0) return [nothingLeft(cluster, items)]
  const what = left.length === 1 ? '1 EIP is' : `${left.length} EIPs are`
  return [`${what} left of cluster ${cluster}; the table says why. Run this again once that is mended.`]
}

function nothingLeft(cluster: string, items: TeardownItem[]): string {
  const others = items.length - items.filter(isLeft).length
  const named = others === 0 ? '' : ' Those above are not of pod-eip and stay.'
  return `Nothing is left of cluster ${cluster}.${named}`
}
