import { type CallOptions, type CloudAddress, CloudError } from '@pod-eip/cloud'
import { type EventData, newEvent } from '@pod-eip/domain'
import { again, done, mayPrecede, type StepContext, type StepResult, unsettled } from './step.ts'

/**
 * Unbinds the EIP from the private address that our binding gave it to. An EIP that somebody has bound
 * elsewhere meanwhile is not touched.
 */
export async function disassociate(
  order: EventData['UnbindingDecided'],
  context: StepContext,
): Promise<StepResult> {
  const { memory, cloud, clock, settings } = context
  const unbind = (options: CallOptions) => cloud.disassociateAddress({ addressId: order.addressId }, options)
  const [address] = await cloud.describeAddresses({ addressIds: [order.addressId] })
  // What is shown can be from before the binding, or from before the address was there at all.
  const isOld = mayPrecede(context, order.boundAt)
  if (!address) return isOld ? again(settings.pollMs) : unbound(order, memory.requestId)
  switch (address.status) {
    case 'BIND':
    case 'BIND_ENI':
      if (!boundByUs(order, address)) {
        return unsettled(context) || isOld ? again(settings.pollMs) : unbound(order, memory.requestId)
      }
      if (memory.calledAt !== null && unsettled(context)) return again(settings.pollMs)
      break
    case 'UNBIND':
      if (!isOld && (memory.answered || !unsettled(context))) return unbound(order, memory.requestId)
      if (memory.calledAt !== null) return isDone(order, context)
      // Of an EIP of the user's nobody knows who binds it next: it is unbound only where it is shown bound by us.
      if (order.source === 'listed') return again(settings.pollMs)
      // It may be shown as it was before it was bound. The refusal to unbind it is not a read that lags: the
      // cloud unbinds by itself when the Pod's address goes. The first one may come while it does so; what is
      // refused still when that must be over is unbound.
      try {
        memory.taskId = (await context.call(unbind)).taskId ?? null
      } catch (error) {
        if (!(error instanceof CloudError) || error.class !== 'describe-again') throw error
        memory.refusedAt ??= clock.now()
        if (clock.now() - memory.refusedAt >= settings.settleMs) return unbound(order, memory.requestId)
        return again(settings.settleMs)
      }
      return again(settings.pollMs)
    case 'CREATING':
    case 'BINDING':
    case 'UNBINDING':
      return again(settings.pollMs)
    case 'OFFLINING':
      return unbound(order, memory.requestId)
  }
  memory.taskId = (await context.call(unbind)).taskId ?? null
  return again(settings.pollMs)
}

/** It is shown unbound, which may be from before it was bound: the call's task tells, else time. */
async function isDone(
  order: EventData['UnbindingDecided'],
  { memory, cloud, settings }: StepContext,
): Promise<StepResult> {
  const task =
    memory.answered && memory.taskId !== null ? await cloud.describeTaskResult(memory.taskId) : null
  if (task === 'SUCCESS') return unbound(order, memory.requestId)
  // A call whose task has failed did nothing: another one is made.
  if (task === 'FAILED') Object.assign(memory, { calledAt: null, answered: false, taskId: null })
  return again(settings.pollMs)
}

function boundByUs(order: EventData['UnbindingDecided'], address: CloudAddress): boolean {
  return (
    address.privateIpAddress === order.privateIp &&
    (order.networkInterfaceId === '' || address.networkInterfaceId === order.networkInterfaceId)
  )
}

function unbound(order: EventData['UnbindingDecided'], requestId: string): StepResult {
  return done(
    newEvent('AddressUnbound', {
      claim: order.claim,
      generation: order.generation,
      intentId: order.intentId,
      addressId: order.addressId,
      bindingId: order.bindingId,
      node: order.node,
      requestId,
    }),
  )
}
