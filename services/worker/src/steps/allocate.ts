import { type AllocateRequest, type CloudAddress, CloudError, type Tag } from '@pod-eip/cloud'
import { type EventData, newEvent, splitClaimKey } from '@pod-eip/domain'
import { allocationTag, createdTag } from './created-tags.ts'
import {
  again,
  type CloudWord,
  done,
  ownWord,
  type StepContext,
  type StepMemory,
  type StepResult,
  unsettled,
} from './step.ts'

/** After so many looks for an address that was answered and is not shown the user is told: some minutes. */
const tellAfterAttempts = 200
/** From then on it is looked for this rarely, in ms: a task or an address that does not exist must not be polled. */
const lastingPollMs = 60_000

/** How often an EIP is looked at that somebody else has bound, ms. */
const boundElsewhereMs = 10_000

/**
 * A call without an answer whose Pod has gone is given up only when the settling time has passed so many times
 * over without a trace of it: an address that appeared later would be nobody's.
 */
const abandonAfter = 4

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
  if (found.length > 0) return ready(order, found, memory.requestId) ?? notReady(found, settings.pollMs)
  if (memory.answered) {
    if (await failedInTheCloud(context)) {
      // The cloud itself says that the addresses it named never came to be: only then is another one asked for.
      if (context.cancelled) return abandoned(order)
      memory.tokenNumber += 1
      memory.answered = false
      memory.addressIds = []
      memory.taskId = null
    } else if (context.cancelled || unsettled(context)) {
      // It brought something; not being shown is no proof that it is gone.
      return memory.attempts < tellAfterAttempts
        ? again(settings.pollMs)
        : again(lastingPollMs, notShown(memory))
    }
  } else if (context.cancelled) {
    return unsettled(context, abandonAfter) ? again(settings.pollMs) : abandoned(order)
  }
  // Else the same token is sent again: it brings the same addresses, however old the state is that is shown.
  try {
    const answer = await context.call((options) => cloud.allocateAddresses(request(order, context), options))
    memory.addressIds = answer.addressIds
    memory.taskId = answer.taskId ?? null
    return again(settings.pollMs)
  } catch (error) {
    if (error instanceof CloudError && error.code === 'UnsupportedOperation.DeliveryFailed') {
      memory.tokenNumber += 1
      return again(settings.settleMs)
    }
    throw error
  }
}

function abandoned(order: EventData['AllocationDecided']): StepResult {
  return done(newEvent('AllocationAbandoned', outcomeOf(order)))
}

function notShown(memory: StepMemory): CloudWord {
  return ownWord(
    'AddressNotShown',
    `Tencent Cloud allocated ${memory.addressIds.join(' and ')} but does not show it yet; look for it in the console if this lasts.`,
  )
}

/** Whether the cloud's task of the last call ended in failure; a task that it does not know proves nothing. */
async function failedInTheCloud({ memory, cloud }: StepContext): Promise<boolean> {
  return memory.taskId !== null && (await cloud.describeTaskResult(memory.taskId)) === 'FAILED'
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

function ready(
  order: EventData['AllocationDecided'],
  found: CloudAddress[],
  requestId: string,
): StepResult | null {
  const usable = found.filter((a) => a.status === 'UNBIND' && a.addressIp !== '')
  if (usable.length === 0) return null
  return done(
    newEvent('AllocationCompleted', {
      ...outcomeOf(order),
      allocationId: order.allocationId,
      addresses: usable.map((a) => ({ addressId: a.addressId, publicIp: a.addressIp })),
      requestId,
    }),
  )
}

/** Being created takes a moment; one that somebody has bound already is his until he lets it go. */
function notReady(found: CloudAddress[], pollMs: number): StepResult {
  const bound = found.find((a) => a.status === 'BIND' || a.status === 'BIND_ENI')
  if (!bound) return again(pollMs)
  const where = bound.instanceId ?? bound.networkInterfaceId ?? 'something else'
  const message = `EIP ${bound.addressId} was allocated, and somebody bound it to ${where} before it could be bound here; it is not touched, so unbind it there and it goes on.`
  return again(boundElsewhereMs, ownWord('AddressBoundElsewhere', message))
}

function request(order: EventData['AllocationDecided'], context: StepContext): AllocateRequest {
  const { namespace, name } = splitClaimKey(order.claim)
  const { tags = [], addressName, ...attributes } = order.attributes
  const suffix = context.memory.tokenNumber === 0 ? '' : `-${context.memory.tokenNumber}`
  const own: Tag[] = [
    { key: 'tke-clusterId', value: context.settings.clusterId },
    { key: createdTag, value: 'yes' },
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
