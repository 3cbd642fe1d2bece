import { newAddress } from '../addresses/new-address.ts'
import { startTask } from '../addresses/tasks.ts'
import { ApiError } from '../requests/api-error.ts'
import type { Request } from '../requests/schemas.ts'
import { note, putAddress, type World } from '../state/world.ts'
import { type Answer, type Call, taskAnswer } from './call.ts'

/** The same token brings the same addresses for as long as it is remembered, whatever else is asked. */
export function allocateAddresses(call: Call, request: Request<'AllocateAddresses'>): Answer {
  const { region, config, now, requestId } = call
  const token = request.ClientToken
  const known = token ? region.clientTokens[token] : undefined
  if (known && now < known.at + config.clientTokenMs) {
    return { AddressSet: known.addressIds, ...taskAnswer(call, known) }
  }
  if (call.account.balanceInsufficient) {
    throw new ApiError('FailedOperation.BalanceInsufficient', 'The balance of the account is insufficient.')
  }
  takeQuota(call, request.AddressCount)

  const addresses = Array.from({ length: request.AddressCount }, () => {
    const address = putAddress(call, now, newAddress(call, now, request))
    note(call, now, 'allocated', address, requestId, token ?? null)
    return address
  })
  const addressIds = addresses.map((address) => address.addressId)
  const task = startTask(call, now, 'create', addressIds, requestId, call.fate.taskFails)
  if (token) region.clientTokens[token] = { at: now, addressIds, taskId: task.taskId }
  return { AddressSet: addressIds, ...taskAnswer(call, task) }
}

/** The day of the daily quota. */
export function quotaDay(world: World, now: number): string {
  return new Date(now + world.config.dayOffsetMinutes * 60_000).toISOString().slice(0, 10)
}

function takeQuota(call: Call, count: number): void {
  const { region, config, now } = call
  const { total, daily } = config.quotas
  const held = Object.keys(region.addresses).length
  if (held + count > total) {
    throw new ApiError(
      'AddressQuotaLimitExceeded',
      `The account has ${held} addresses in ${region.region}; ${count} more exceed its quota of ${total}.`,
    )
  }
  const day = quotaDay(call, now)
  const applied = region.applied.day === day ? region.applied.count : 0
  if (applied + count > daily) {
    throw new ApiError(
      'AddressQuotaLimitExceeded.DailyAllocate',
      `The account applied for ${applied} addresses in ${region.region} today; ${count} more exceed its daily quota of ${daily}.`,
    )
  }
  region.applied = { day, count: applied + count }
}
