import { startTask } from '../addresses/tasks.ts'
import { ApiError } from '../requests/api-error.ts'
import type { Request } from '../requests/schemas.ts'
import { putAddress } from '../state/world.ts'
import { type Answer, type Call, existingAddress, refuseUnsettled, taskAnswer } from './call.ts'

/** Changes the bandwidth of EIPs. */
export function modifyAddressesBandwidth(call: Call, request: Request<'ModifyAddressesBandwidth'>): Answer {
  const addresses = [...new Set(request.AddressIds)].map((addressId) => existingAddress(call, addressId))
  for (const address of addresses) {
    refuseUnsettled(call, address)
    if (Object.values(call.region.tasks).some((task) => task.addressIds.includes(address.addressId))) {
      throw new ApiError(
        'OperationDenied.MutexTaskRunning',
        `A task on ${address.addressId} is still running.`,
      )
    }
  }
  for (const address of addresses) {
    putAddress(call, call.now, { ...address, bandwidth: request.InternetMaxBandwidthOut })
  }
  const addressIds = addresses.map((address) => address.addressId)
  return taskAnswer(call, startTask(call, call.now, 'modify', addressIds, call.requestId))
}

/** Renames an EIP. */
export function modifyAddressAttribute(call: Call, request: Request<'ModifyAddressAttribute'>): Answer {
  const address = existingAddress(call, request.AddressId)
  if (request.AddressName !== undefined) {
    putAddress(call, call.now, { ...address, addressName: request.AddressName })
  }
  return {}
}
