import { type CloudAddress, CloudError, type EipCloud } from '@pod-eip/cloud'
import type { Clock } from '@pod-eip/runtime'
import { isBound, obstacle, placeOf, type TeardownItem } from './item.ts'

export interface TearingDownByTags {
  cloud: EipCloud
  clock: Clock
  signal: AbortSignal
  /** What has been done, as it is done. */
  say(line: string): void
}

/** EIPs worked on at once; their calls are joined, and wait for the limit on calls per second. */
const concurrency = 50
/** Between two looks at what the cloud is about, in ms. */
const pollMs = 500
/** The longest wait after what passes, such as throttling, and how often it is waited for, in ms. */
const longestWaitMs = 10_000
const mostFailures = 12
/** The cloud is about something for so long at most; more is told, in ms. */
const longestMs = 5 * 60_000

/**
 * Unbinds and releases what a plan by the tags says, each EIP on its own: what the cloud refuses is told and does not
 * stop the others. Every step looks before it acts, so that it may be cut off and called again at any time.
 *
 * @returns why EIPs are left, by id
 */
export async function workWithTags(
  items: TeardownItem[],
  deps: TearingDownByTags,
): Promise<Map<string, string>> {
  const left = new Map<string, string>()
  const waiting = items.filter(({ does }) => does === 'release' || does === 'unbind and release')
  const work = async () => {
    for (let item = waiting.shift(); item && !deps.signal.aborted; item = waiting.shift()) {
      const why = await giveBack(item, deps)
      if (why !== '') left.set(item.addressId, why)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return left
}

/** Empty once the EIP is gone; else why it is not. */
async function giveBack(item: TeardownItem, deps: TearingDownByTags): Promise<string> {
  const { cloud, clock, signal, say } = deps
  const { addressId } = item
  const begin = clock.now()
  let failures = 0
  while (!signal.aborted) {
    if (clock.now() - begin > longestMs) return 'the cloud has not got done with it so far; run this again.'
    try {
      const [address] = await cloud.describeAddresses({ addressIds: [addressId] })
      if (!address || address.status === 'OFFLINING') {
        say(`${addressId} was released.`)
        return ''
      }
      const moved = isBound(address) && placeOf(address) !== item.boundTo
      if (moved) {
        return `it was bound to ${placeOf(address)} meanwhile: something still runs for this cluster; stop it, then run this again.`
      }
      await step(address, deps)
      failures = 0
    } catch (error) {
      if (!(error instanceof CloudError)) throw error
      if (error.class === 'gone') continue
      failures += 1
      if (error.class === 'terminal' || error.class === 'back-off' || failures > mostFailures) {
        return obstacle(error)
      }
      await clock.sleep(Math.min(longestWaitMs, pollMs * 2 ** failures), signal)
      continue
    }
    await clock.sleep(pollMs, signal)
  }
  return 'it was stopped; run this again.'
}

async function step(address: CloudAddress, { cloud, say }: TearingDownByTags): Promise<void> {
  const { addressId } = address
  switch (address.status) {
    case 'UNBIND':
      await cloud.releaseAddresses({ addressIds: [addressId] })
      return
    case 'BIND':
    case 'BIND_ENI':
      await cloud.disassociateAddress({ addressId })
      say(`${addressId} was unbound from ${placeOf(address)}.`)
      return
    default:
      return
  }
}
