import { startTask } from '../addresses/tasks.ts'
import { ApiError } from '../requests/api-error.ts'
import type { Request } from '../requests/schemas.ts'
import type { SimulatedAddress } from '../state/state.ts'
import { note, putAddress } from '../state/world.ts'
import {
  type Answer,
  type Call,
  existingAddress,
  refuseUnsettled,
  requireStatus,
  taskAnswer,
} from './call.ts'

/** Gives EIPs back: all of them or none, unless the call is fated to end half done. */
export function releaseAddresses(call: Call, request: Request<'ReleaseAddresses'>): Answer {
  const addresses = [...new Set(request.AddressIds)].map((addressId) => existingAddress(call, addressId))
  for (const address of addresses) {
    requireStatus(address, 'UNBIND')
    refuseUnsettled(call, address)
    if (address.deletionProtection) {
      throw new ApiError(
        'OperationDenied.AddressDeletionProtectionEnabled',
        `The address ${address.addressId} is protected from deletion.`,
      )
    }
  }

  const { halfDone } = call.fate
  if (halfDone === null || addresses.length === 1) return startRelease(call, addresses)
  startRelease(call, addresses.slice(0, Math.ceil(addresses.length / 2)))
  throw new ApiError(halfDone, 'Simulated fault: the first half of the addresses is being released.')
}

function startRelease(call: Call, addresses: SimulatedAddress[]): Answer {
  const { now, requestId } = call
  for (const address of addresses) {
    note(call, now, 'release-started', putAddress(call, now, { ...address, status: 'OFFLINING' }), requestId)
  }
  const addressIds = addresses.map((address) => address.addressId)
  return taskAnswer(call, startTask(call, now, 'release', addressIds, requestId, call.fate.taskFails))
}
