import { startTask } from '../addresses/tasks.ts'
import type { Request } from '../requests/schemas.ts'
import { note, putAddress } from '../state/world.ts'
import {
  type Answer,
  type Call,
  existingAddress,
  refuseUnsettled,
  requireStatus,
  taskAnswer,
} from './call.ts'

/** Unbinds an EIP. */
export function disassociateAddress(call: Call, request: Request<'DisassociateAddress'>): Answer {
  const address = existingAddress(call, request.AddressId)
  requireStatus(address, 'BIND', 'BIND_ENI')
  refuseUnsettled(call, address)

  const { now, requestId } = call
  note(call, now, 'unbind-started', putAddress(call, now, { ...address, status: 'UNBINDING' }), requestId)
  return taskAnswer(call, startTask(call, now, 'unbind', [address.addressId], requestId, call.fate.taskFails))
}
