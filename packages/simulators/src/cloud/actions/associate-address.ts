import { publicAddressPlaces } from '../addresses/public-address-limit.ts'
import { startTask } from '../addresses/tasks.ts'
import { ApiError } from '../requests/api-error.ts'
import type { Request } from '../requests/schemas.ts'
import type { Binding, SimulatedAddress } from '../state/state.ts'
import { note, putAddress } from '../state/world.ts'
import {
  type Answer,
  type Call,
  existingAddress,
  refuseUnsettled,
  requireStatus,
  taskAnswer,
} from './call.ts'

/** Binds an EIP to an instance, or to a private address of a network interface. */
export function associateAddress(call: Call, request: Request<'AssociateAddress'>): Answer {
  refuseAmbiguous(request)
  const address = existingAddress(call, request.AddressId)
  requireStatus(address, 'UNBIND')
  refuseUnsettled(call, address)
  refuseUnusable(address)
  const binding = request.InstanceId
    ? onInstance(call, request.InstanceId)
    : onInterface(call, request.NetworkInterfaceId!, request.PrivateIpAddress!)
  refuseTaken(call, binding)
  giveUpOrdinaryAddress(call, binding)
  refuseFullInstance(call, binding)

  const { now, requestId } = call
  const bound = putAddress(call, now, { ...address, status: 'BINDING', binding })
  note(call, now, 'bind-started', bound, requestId)
  return taskAnswer(call, startTask(call, now, 'bind', [address.addressId], requestId, call.fate.taskFails))
}

function refuseAmbiguous(request: Request<'AssociateAddress'>): void {
  const { InstanceId, NetworkInterfaceId, PrivateIpAddress } = request
  if (InstanceId && (NetworkInterfaceId || PrivateIpAddress)) {
    throw new ApiError(
      'InvalidParameterConflict',
      'The parameter `InstanceId` cannot be combined with `NetworkInterfaceId` or `PrivateIpAddress`.',
    )
  }
  if (InstanceId || (NetworkInterfaceId && PrivateIpAddress)) return
  const missing = PrivateIpAddress
    ? 'NetworkInterfaceId'
    : NetworkInterfaceId
      ? 'PrivateIpAddress'
      : 'InstanceId'
  throw new ApiError('MissingParameter', `The request is missing the required parameter \`${missing}\`.`)
}

function refuseUnusable(address: SimulatedAddress): void {
  if (address.isBlocked) {
    throw new ApiError('InvalidAddressId.Blocked', `The address ${address.addressId} is blocked.`)
  }
  if (address.isArrears) {
    throw new ApiError('OperationDenied.AddressInArrears', `The address ${address.addressId} is in arrears.`)
  }
}

/** An instance stands for the primary address of its primary interface. */
function onInstance(call: Call, instanceId: string): Binding {
  const eni = Object.values(call.region.networkInterfaces).find(
    (other) => other.instanceId === instanceId && other.primary,
  )
  const privateIpAddress = eni?.privateIps[0]
  if (!eni || !privateIpAddress) {
    throw new ApiError('InvalidInstanceId.NotFound', `The instance ${instanceId} does not exist.`)
  }
  return { networkInterfaceId: eni.networkInterfaceId, privateIpAddress, instanceId, byInstance: true }
}

function onInterface(call: Call, networkInterfaceId: string, privateIpAddress: string): Binding {
  const eni = call.region.networkInterfaces[networkInterfaceId]
  if (!eni) {
    throw new ApiError(
      'InvalidNetworkInterfaceId.NotFound',
      `The network interface ${networkInterfaceId} does not exist.`,
    )
  }
  if (!eni.privateIps.includes(privateIpAddress)) {
    throw new ApiError(
      'InvalidParameterValue.PrivateIpAddressNotMatch',
      `The private address ${privateIpAddress} is not on ${networkInterfaceId}.`,
    )
  }
  return { networkInterfaceId, privateIpAddress, instanceId: eni.instanceId, byInstance: false }
}

function refuseTaken(call: Call, binding: Binding): void {
  const holder = Object.values(call.region.addresses).find(
    (other) =>
      other.binding?.networkInterfaceId === binding.networkInterfaceId &&
      other.binding.privateIpAddress === binding.privateIpAddress,
  )
  if (!holder) return
  throw binding.byInstance
    ? new ApiError(
        'InvalidInstanceId.AlreadyBindEip',
        `${binding.instanceId} has ${holder.addressId} already.`,
      )
    : new ApiError(
        'InvalidPrivateIpAddress.AlreadyBindEip',
        `${binding.privateIpAddress} has ${holder.addressId} already.`,
      )
}

/** An EIP on the CVM's own address takes the place of its ordinary public address, which is given back. */
function giveUpOrdinaryAddress(
  call: Call,
  { networkInterfaceId, privateIpAddress, instanceId }: Binding,
): void {
  const instance = instanceId === null ? undefined : call.region.instances[instanceId]
  const eni = call.region.networkInterfaces[networkInterfaceId]
  if (instance && eni?.primary && eni.privateIps[0] === privateIpAddress) instance.hasPublicIp = false
}

/** An instance that was never told of has no limit. */
function refuseFullInstance(call: Call, { instanceId }: Binding): void {
  const places = instanceId === null ? null : publicAddressPlaces(call.region, instanceId)
  if (!places || places.held < places.limit) return
  const { held, limit, cpu } = places
  throw new ApiError(
    'LimitExceeded.InstanceAddressQuota',
    `The instance ${instanceId} has ${held} public addresses; with ${cpu} CPUs the most is ${limit}.`,
  )
}
