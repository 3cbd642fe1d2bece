import { type AllocateRequest, type CloudAddress, CloudError, type Tag } from '@pod-eip/cloud'
import { type EventData, newEvent, splitClaimKey } from '@pod-eip/domain'
import { again, done, type StepContext, type StepResult, unsettled } from './step.ts'

/** Tag that carries the allocation's id: the way to find what a call brought whose answer never came. */
export const allocationTag = 'pod-eip/allocation'

/**
 * Allocates the claim's EIP exactly once: the same ClientToken each time, and before any call after the
 * first a look for what the tag finds.
 */
export async function allocate(
  order: EventData['AllocationDecided'],
  context: StepContext,
): Promise<StepResult> {
  const { memory, cloud, settings } = context
  const calledBefore = memory.calledAt !== null || memory.attempts > 0
  const found = calledBefore ? await find(order, context) : []
  if (found.length > 0) return ready(order, found) ?? again(settings.pollMs)
  if (context.cancelled) {
    return unsettled(context)
      ? again(settings.pollMs)
      : done(newEvent('AllocationAbandoned', outcomeOf(order)))
  }
  if (memory.answered && unsettled(context)) return again(settings.pollMs)
  if (memory.answered) {
    // It was answered, time has passed, and nothing is there: the cloud took it back. Ask anew.
    memory.tokenNumber += 1
    memory.answered = false
    memory.addressIds = []
  }
  try {
    const answer = await context.call((options) => cloud.allocateAddresses(request(order, context), options))
    memory.addressIds = answer.addressIds
    return again(settings.pollMs)
  } catch (error) {
    if (error instanceof CloudError && error.code === 'UnsupportedOperation.DeliveryFailed') {
      memory.tokenNumber += 1
      return again(settings.settleMs)
    }
    throw error
  }
}

/** What the allocation has brought so far: by the ids that the answer named, or by tag. */
async function find(order: EventData['AllocationDecided'], context: StepContext): Promise<CloudAddress[]> {
  const { memory, cloud } = context
  if (memory.addressIds.length > 0) {
    const named = await cloud.describeAddresses({ addressIds: memory.addressIds })
    if (named.length > 0) return named
  }
  return cloud.describeAddresses({ tags: [{ key: allocationTag, value: order.allocationId }] })
}

function ready(order: EventData['AllocationDecided'], found: CloudAddress[]): StepResult | null {
  const usable = found.filter((a) => a.status === 'UNBIND' && a.addressIp !== '')
  if (usable.length === 0) return null
  return done(
    newEvent('AllocationCompleted', {
      ...outcomeOf(order),
      allocationId: order.allocationId,
      addresses: usable.map((a) => ({ addressId: a.addressId, publicIp: a.addressIp })),
      requestId: '',
    }),
  )
}

function request(order: EventData['AllocationDecided'], context: StepContext): AllocateRequest {
  const { namespace, name } = splitClaimKey(order.claim)
  const { tags = [], addressName, ...attributes } = order.attributes
  const suffix = context.memory.tokenNumber === 0 ? '' : `-${context.memory.tokenNumber}`
  const own: Tag[] = [
    { key: 'tke-clusterId', value: context.settings.clusterId },
    { key: 'tke-created-eip', value: 'yes' },
    { key: allocationTag, value: order.allocationId },
  ]
  return {
    ...attributes,
    clientToken: `${order.allocationId}${suffix}`,
    addressCount: 1,
    addressName: addressName ?? `${namespace}_${name}`.slice(0, 128),
    tags: [...tags.filter((t) => !own.some((o) => o.key === t.key)), ...own],
  }
}

function outcomeOf(order: EventData['AllocationDecided']) {
  return { claim: order.claim, generation: order.generation, intentId: order.intentId }
}
