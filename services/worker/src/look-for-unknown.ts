import { type CloudAddress, CloudError, type EipCloud } from '@pod-eip/cloud'
import { allocationTag, clusterTag } from '@pod-eip/cloud-calls'
import type { EventLog } from '@pod-eip/event-log'
import type { LogMark } from '@pod-eip/queue'
import { type ReadModels, upToDate } from '@pod-eip/read-models'
import type { Clock } from '@pod-eip/runtime'

export interface LookingForUnknown {
  cloud: Pick<EipCloud, 'describeAddresses'>
  readModels: Pick<ReadModels, 'address' | 'intentOfAllocation'>
  log: Pick<EventLog, 'read'>
  mark: Pick<LogMark, 'setDoubt'>
  clock: Pick<Clock, 'now'>
  clusterId: string
}

/** Until the next look while there are unknown ones, in ms: somebody may have released them. */
const againMs = 30_000

/**
 * Whether the log knows every allocation that the cloud shows: one that it does not know was decided in a newer log
 * than this one. Every allocation stands in the log before it is called for, so that a look at the cloud tells, also
 * where nobody has kept a mark of how far the log had come. One look at the start of a worker is enough, for the log
 * of a process that goes on is held against the mark. What is found is told to whoever decides.
 * @returns what stands in the way of any work, in one sentence; empty when nothing does
 * @throws what the cloud throws while it cannot be asked
 */
export function lookForUnknown(deps: LookingForUnknown): () => Promise<string> {
  const { mark, clock } = deps
  let settled = false
  let lookAt = Number.NEGATIVE_INFINITY
  let told = ''

  return async () => {
    if (settled || clock.now() < lookAt) return told
    try {
      told = sentence(await unknownEips(deps))
    } catch (error) {
      // Whom the cloud refuses the look gets nothing done there either, and the claims have to be told why.
      if (error instanceof CloudError && (error.class === 'terminal' || error.class === 'back-off')) return ''
      throw error
    }
    await mark.setDoubt(told)
    settled = told === ''
    lookAt = clock.now() + againMs
    return told
  }
}

/** EIPs with our tags of allocations that the log has never heard of. */
async function unknownEips({
  cloud,
  readModels,
  log,
  clusterId,
}: LookingForUnknown): Promise<CloudAddress[]> {
  const unknown = new Map<string, CloudAddress>()
  for (const address of await cloud.describeAddresses({ tags: [{ key: clusterTag, value: clusterId }] })) {
    const allocationId = address.tags.find(({ key }) => key === allocationTag)?.value
    if (allocationId === undefined || address.status === 'OFFLINING') continue
    if (await readModels.intentOfAllocation(allocationId)) continue
    if (!(await readModels.address(address.addressId))) unknown.set(address.addressId, address)
  }
  if (unknown.size > 0) for await (const id of recoveredEips(log)) unknown.delete(id)
  return [...unknown.values()]
}

/** EIPs that an operator had brought into the log, or named there; what folds the log may not have got that far. */
async function* recoveredEips(log: Pick<EventLog, 'read'>): AsyncGenerator<string> {
  const types = ['ClaimRecovered', 'OrphanFound', 'LogRecovered']
  for (let after = 0; ; ) {
    const events = await log.read({ after, limit: 500, types })
    if (events.length === 0) return
    for (const { data } of events.map(upToDate)) {
      const {
        address,
        addressId,
        left = [],
      } = data as {
        address?: { id: string } | null
        addressId?: string
        left?: string[]
      }
      if (address) yield address.id
      if (addressId) yield addressId
      yield* left
    }
    after = events.at(-1)!.position
  }
}

function sentence(unknown: CloudAddress[]): string {
  if (unknown.length === 0) return ''
  const [{ addressId, addressIp }] = unknown as [CloudAddress]
  const more = unknown.length === 1 ? '' : ` and ${unknown.length - 1} more`
  const which = addressIp === '' ? addressId : `${addressId} (${addressIp})`
  return `The cloud has EIP ${which}${more} with the tags of this cluster, of an allocation that the event log does not know, as after a restore of an older backup; nothing is decided, bound or released, so stop all services and run "eipctl recover".`
}
