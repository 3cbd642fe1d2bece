import type { CallFate } from '../faults/fault-switches.ts'
import { ApiError } from '../requests/api-error.ts'
import type { AccountState, SimulatedAddress, Task } from '../state/state.ts'
import type { World } from '../state/world.ts'

/** One call on its way through an action. */
export interface Call extends World {
  now: number
  requestId: string
  account: AccountState
  fate: CallFate
}

/** The content of `Response`, without its RequestId. */
export type Answer = Record<string, unknown>

/** The address, if it exists. */
export function existingAddress(call: Call, addressId: string): SimulatedAddress {
  const address = call.region.addresses[addressId]
  if (!address) throw new ApiError('InvalidAddressId.NotFound', `The address ${addressId} does not exist.`)
  return address
}

/** Refuses a change while the last one has not quite ended. */
export function refuseUnsettled(call: Call, address: SimulatedAddress): void {
  if (call.now < address.settledAt) {
    throw new ApiError('OperationDenied.MutexTaskRunning', `A task on ${address.addressId} is still running.`)
  }
}

/** Refuses a change that the address's state does not allow. */
export function requireStatus(address: SimulatedAddress, ...allowed: SimulatedAddress['status'][]): void {
  if (!allowed.includes(address.status)) {
    throw new ApiError(
      'UnsupportedOperation.AddressStatusNotPermit',
      `The status of ${address.addressId} is ${address.status}; the operation needs ${allowed.join(' or ')}.`,
    )
  }
}

/** As the API gives it: a string, and sometimes nothing. */
export function taskAnswer(call: Call, task: Pick<Task, 'taskId'>): Answer {
  return { TaskId: call.fate.noTaskId ? null : String(task.taskId) }
}
