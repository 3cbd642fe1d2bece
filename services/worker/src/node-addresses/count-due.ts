import type { Node } from '@pod-eip/domain'

/** Others bind and unbind EIPs at any time: every CVM is asked about this often, in ms. */
const everyMs = 600_000
/** And this often while Pods wait for what others have bound there. */
const whileAwaitedMs = 20_000
/** After a first refusal, doubled with each further one; what the cloud shows may lag by some seconds. */
const afterRefusalMs = 15_000
/** Until the next attempt after the cloud could not be asked. */
const retryMs = 30_000

/**
 * When the cloud is to be asked for the EIPs on the node's CVM, epoch ms; `null` = not as it is now.
 * @param askedAt when it was last asked about this CVM; `null` = not since this process began
 */
export function countDueAt(node: Node, askedAt: number | null): number | null {
  if (node.removed || node.instanceId === null) return null
  if (node.countedAt === '') return askedAt === null ? 0 : askedAt + retryMs
  const { refusal } = node
  if (refusal && refusal.at >= node.countedAt && !refusal.raised) {
    const refusedAt = Date.parse(refusal.at)
    const due =
      refusedAt + Math.min(everyMs, afterRefusalMs * 2 ** Math.min(20, Math.max(0, refusal.times - 1)))
    return askedAt !== null && askedAt >= due ? askedAt + retryMs : due
  }
  const last = Math.max(Date.parse(node.countedAt), askedAt ?? 0)
  const awaited = node.waiting.length > 0 && (node.foreign.length > 0 || refusal !== null)
  return last + (awaited ? whileAwaitedMs : everyMs)
}
