import { type CloudAddress, CloudError, type NetworkInterface } from '@pod-eip/cloud'
import { type EventData, newEvent } from '@pod-eip/domain'
import {
  again,
  type CloudWord,
  done,
  mayPrecede,
  ownWord,
  patientPollMs,
  recent,
  type StepContext,
  type StepResult,
  unsettled,
} from './step.ts'

/** How often an EIP is looked at that somebody else has bound to an address of another Pod, ms. */
const boundElsewhereMs = 30_000
/** After so many steps without a network interface the user is told. */
const tellAfterAttempts = 5

/** Binds the EIP to the Pod's private address on its network interface. */
export async function associate(
  order: EventData['BindingDecided'],
  context: StepContext,
): Promise<StepResult> {
  const { memory, cloud, settings } = context
  if (context.cancelled && memory.calledAt === null) return abandoned(order)

  let found = await findNetworkInterfaces(order, context, { mayBeRemembered: true })
  let ours = found.length === 1 ? found[0]! : null
  if (memory.calledAt !== null || memory.attempts > 0) {
    const [address] = await cloud.describeAddresses({ addressIds: [order.addressId] })
    if (ours && boundBeside(ours, order, address)) {
      // What is remembered of the interfaces must not make a right binding look wrong.
      found = await findNetworkInterfaces(order, context, {})
      ours = found.length === 1 ? found[0]! : null
    }
    const verdict = judge(order, ours, address, context)
    if (verdict !== 'call') return verdict
  }
  if (!ours) {
    const told = memory.attempts >= tellAfterAttempts ? noInterface(order, found.length) : undefined
    return again(settings.pollMs * 2, told)
  }
  try {
    const answer = await context.call((options) =>
      cloud.associateAddress(
        {
          addressId: order.addressId,
          networkInterfaceId: ours.networkInterfaceId,
          privateIpAddress: order.privateIp,
        },
        options,
      ),
    )
    memory.taskId = answer.taskId ?? null
  } catch (error) {
    if (!(error instanceof CloudError && error.class === 'gone')) throw error
    if (order.source === 'listed') return notFree(order)
    return failed(order, {
      code: 'InvalidAddressId.NotFound',
      message: `EIP ${order.addressId} does not exist any more: somebody released it in the cloud; the claim begins anew with another one.`,
      requestId: error.requestId,
    })
  }
  return again(settings.pollMs)
}

/** The interfaces that have the Pod's address; addresses repeat between VPCs, so the node's CVM decides. */
function findNetworkInterfaces(
  order: EventData['BindingDecided'],
  context: StepContext,
  options: { mayBeRemembered?: boolean },
): Promise<NetworkInterface[]> {
  const query = {
    privateIpAddresses: [order.privateIp],
    ...(order.instanceId && { instanceIds: [order.instanceId] }),
  }
  return context.cloud.describeNetworkInterfaces(query, options)
}

/** Whether the address is bound to the Pod's private address, but on another interface than this one. */
function boundBeside(
  ours: NetworkInterface,
  order: EventData['BindingDecided'],
  address: CloudAddress | undefined,
): boolean {
  return (
    address?.privateIpAddress === order.privateIp && address.networkInterfaceId !== ours.networkInterfaceId
  )
}

/** What the address's state means for the binding; `call` when it is free to be bound. */
function judge(
  order: EventData['BindingDecided'],
  ours: NetworkInterface | null,
  address: CloudAddress | undefined,
  context: StepContext,
): StepResult | 'call' | Promise<StepResult> {
  const { memory, settings } = context
  if (!address) {
    if (unsettled(context) || recent(context, context.intent.decidedAt)) return again(settings.pollMs)
    // Where nobody wants it any more and the Pod's interface has gone as well, it is bound to nothing there.
    if (context.cancelled && !ours && !mayPrecede(context, memory.calledAt)) return abandoned(order)
    // Not being shown is no proof that it is gone; the answer to a call is.
    return 'call'
  }
  switch (address.status) {
    case 'BIND':
    case 'BIND_ENI':
      if (
        address.privateIpAddress === order.privateIp &&
        (!ours || address.networkInterfaceId === ours.networkInterfaceId)
      ) {
        // Unless a call of ours was answered, it can be the last binding to the same address, shown late.
        if (!mayPrecede(context, context.intent.decidedAt))
          return bound(order, address, ours, memory.requestId)
        if (memory.calledAt !== null && order.firstBinding)
          return bound(order, address, ours, memory.requestId)
        if (memory.answered) return boundByItsTask(order, address, ours, context)
        return memory.calledAt === null ? 'call' : again(settings.pollMs)
      }
      if (unsettled(context)) return again(settings.pollMs)
      // It can be an earlier Pod's binding, shown late: to undo it would undo ours.
      if (mayPrecede(context, context.intent.decidedAt) || mayPrecede(context, memory.calledAt)) {
        return again(settings.pollMs)
      }
      if (context.cancelled) return abandoned(order)
      if (order.source === 'auto') return takeBack(order, address, context)
      // Whoever has bound the user's EIP meanwhile is not cut off.
      return notFree(order)
    case 'UNBIND':
      if (context.cancelled) return calledOff(order, ours, context)
      return unsettled(context) ? again(settings.pollMs) : 'call'
    case 'CREATING':
    case 'BINDING':
    case 'UNBINDING':
      return again(settings.pollMs)
    case 'OFFLINING':
      if (order.source === 'listed') return notFree(order)
      return failed(order, {
        code: 'InvalidAddressId.NotFound',
        message: `EIP ${order.addressId} is being released by somebody else; the claim begins anew with another one.`,
        requestId: '',
      })
  }
}

/**
 * Nobody wants it any more, and it is shown unbound: as it was before the call, or as it is since the Pod's address
 * went. That the task succeeded is proof that it was bound: it is unbound like any other, and the answer to that call
 * tells sooner than time does. Of an EIP of the user's only time tells, for nobody knows who binds it next.
 */
async function calledOff(
  order: EventData['BindingDecided'],
  ours: NetworkInterface | null,
  context: StepContext,
): Promise<StepResult> {
  const { memory, cloud } = context
  if (order.source === 'auto' && memory.answered && memory.taskId !== null) {
    const task = await cloud.describeTaskResult(memory.taskId)
    if (task === 'SUCCESS') return bound(order, null, ours, memory.requestId)
  }
  return unsettled(context) || mayPrecede(context, memory.calledAt)
    ? again(patientPollMs(context))
    : abandoned(order)
}

/** It is shown bound where we asked for, so soon that it can be the last binding there: the call's task tells. */
async function boundByItsTask(
  order: EventData['BindingDecided'],
  address: CloudAddress,
  ours: NetworkInterface | null,
  { memory, cloud, settings }: StepContext,
): Promise<StepResult> {
  const task = memory.taskId === null ? null : await cloud.describeTaskResult(memory.taskId)
  if (task === 'SUCCESS' || task === null) return bound(order, address, ours, memory.requestId)
  // A call whose task has failed did nothing: another one is made.
  if (task === 'FAILED') Object.assign(memory, { calledAt: null, answered: false, taskId: null })
  return again(settings.pollMs)
}

/** Our own EIP is freed where it is bound, unless another Pod may have that address: it would be cut off. */
async function takeBack(
  order: EventData['BindingDecided'],
  address: CloudAddress,
  context: StepContext,
): Promise<StepResult> {
  if (!(await context.isAnothersPlace(address))) return unbindFirst(order, context)
  const where = [address.privateIpAddress, address.instanceId].filter(Boolean).join(' on ')
  const message = `EIP ${order.addressId} was bound to ${where} by somebody else, where another Pod may be, and is not touched; unbind it there and it is bound here.`
  return again(boundElsewhereMs, ownWord('AddressBoundElsewhere', message))
}

/**
 * It is still bound where an earlier Pod was, since a call came late, or somebody moved it. It is freed, then bound anew, but not
 * before the freeing has settled: it would free the new binding.
 */
async function unbindFirst(order: EventData['BindingDecided'], context: StepContext): Promise<StepResult> {
  try {
    await context.call((options) =>
      context.cloud.disassociateAddress({ addressId: order.addressId }, options),
    )
  } catch (error) {
    if (!(error instanceof CloudError && error.class === 'describe-again')) throw error
  }
  return again(context.settings.pollMs)
}

function bound(
  order: EventData['BindingDecided'],
  address: CloudAddress | null,
  ours: NetworkInterface | null,
  requestId: string,
): StepResult {
  return done(
    newEvent('AddressBound', {
      ...outcomeOf(order),
      addressId: order.addressId,
      publicIp: order.publicIp,
      podUid: order.podUid,
      node: order.node,
      privateIp: order.privateIp,
      networkInterfaceId: address?.networkInterfaceId ?? ours?.networkInterfaceId ?? '',
      ...(ours && isOfPodAlone(ours) && { ownInterface: true }),
      requestId,
    }),
  )
}

/**
 * Whether the Pod has the interface for itself: its address is the primary one, which an interface that Pods share
 * keeps to itself, and there is no other.
 */
function isOfPodAlone({ primary, privateIpAddresses }: NetworkInterface): boolean {
  const [only, ...others] = privateIpAddresses
  return !primary && only?.primary === true && others.length === 0
}

function abandoned(order: EventData['BindingDecided']): StepResult {
  return done(
    newEvent('BindingAbandoned', { ...outcomeOf(order), addressId: order.addressId, node: order.node }),
  )
}

function failed(
  order: EventData['BindingDecided'],
  word: { code: string; message: string; requestId: string },
): StepResult {
  return done(
    newEvent('BindingFailed', { ...outcomeOf(order), addressId: order.addressId, node: order.node, ...word }),
  )
}

/** What became of an EIP of the user's is found out by a look-up of its own. */
function notFree(order: EventData['BindingDecided']): StepResult {
  const message = `EIP ${order.addressId} is not free any more; it is looked up anew.`
  return failed(order, ownWord('ListedAddressNotFree', message))
}

function noInterface(order: EventData['BindingDecided'], found: number): CloudWord {
  const { privateIp, instanceId, node } = order
  return found === 0
    ? ownWord(
        'NetworkInterfaceNotFound',
        `The cloud knows no network interface with the Pod's address ${privateIp}${instanceId ? ` on ${instanceId}` : ''}; check that the Pod uses VPC-CNI.`,
      )
    : ownWord(
        'NetworkInterfaceNotUnique',
        `The cloud knows ${found} network interfaces with the Pod's address ${privateIp}, and Node ${node} names no CVM to tell them apart; check its spec.providerID.`,
      )
}

function outcomeOf(order: EventData['BindingDecided']) {
  return { claim: order.claim, generation: order.generation, intentId: order.intentId }
}
