import { type CloudAddress, CloudError } from '@pod-eip/cloud'
import { type EventData, newEvent } from '@pod-eip/domain'
import {
  again,
  type CloudWord,
  done,
  ownWord,
  recent,
  type StepContext,
  type StepResult,
  unsettled,
} from './step.ts'

/** Releases an EIP of ours. The cloud refuses while it is bound, so a release never cuts anybody off. */
export async function release(order: EventData['ReleaseDecided'], context: StepContext): Promise<StepResult> {
  const { memory, cloud, settings } = context
  if (memory.calledAt !== null || memory.attempts > 0) {
    const [address] = await cloud.describeAddresses({ addressIds: [order.addressId] })
    if (!address) {
      // A call was answered: what is not shown now is gone, not yet to be shown. Else another call's answer tells.
      if (memory.answered) return released(order, memory.requestId)
      if (unsettled(context) || recent(context, context.intent.decidedAt)) return again(settings.pollMs)
    }
    switch (address?.status) {
      case 'BIND':
      case 'BIND_ENI':
        if (boundByUs(order, address)) {
          await cloud.disassociateAddress({ addressId: order.addressId })
          return again(settings.pollMs)
        }
        return again(
          60_000,
          boundElsewhere(order, address.instanceId ?? address.networkInterfaceId ?? 'something else'),
        )
      case 'CREATING':
      case 'BINDING':
      case 'UNBINDING':
      case 'OFFLINING':
        return again(settings.pollMs)
      case 'UNBIND':
        if (memory.answered && unsettled(context)) return again(settings.pollMs)
    }
  }
  try {
    await context.call((options) => cloud.releaseAddresses({ addressIds: [order.addressId] }, options))
  } catch (error) {
    if (error instanceof CloudError && error.class === 'gone') return released(order, memory.requestId)
    throw error
  }
  return again(settings.pollMs)
}

/** Whether it is still where our last binding was. */
function boundByUs(order: EventData['ReleaseDecided'], address: CloudAddress): boolean {
  return (
    address.privateIpAddress === order.lastPrivateIp &&
    (order.lastNetworkInterfaceId === '' || address.networkInterfaceId === order.lastNetworkInterfaceId)
  )
}

function released(order: EventData['ReleaseDecided'], requestId: string): StepResult {
  return done(
    newEvent('AddressReleased', {
      claim: order.claim,
      generation: order.generation,
      intentId: order.intentId,
      addressId: order.addressId,
      requestId,
    }),
  )
}

function boundElsewhere(order: EventData['ReleaseDecided'], where: string): CloudWord {
  return ownWord(
    'AddressBoundElsewhere',
    `EIP ${order.addressId} was bound to ${where} by somebody else and is not touched; unbind it there to have it released.`,
  )
}
