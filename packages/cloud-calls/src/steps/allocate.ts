import { type CloudAddress, CloudError } from '@pod-eip/cloud'
import { type EventData, isMendedInAccount } from '@pod-eip/domain'
import { abandoned, askedFor, completed, openMembers } from './allocation-outcome.ts'
import { allocationRequest } from './allocation-request.ts'
import { allocationTag } from './created-tags.ts'
import {
  again,
  type CloudWord,
  mayPrecede,
  ownWord,
  patientPollMs,
  type StepContext,
  type StepMemory,
  type StepResult,
  unsettled,
} from './step.ts'

/** After so many looks for an address that was answered and is not shown the user is told: some minutes. */
const tellAfterAttempts = 120
/** From then on it is looked for this rarely, in ms: a task or an address that does not exist must not be polled. */
const lastingPollMs = 60_000

/** How often an EIP is looked at that somebody else has bound, ms. */
const boundElsewhereMs = 10_000

/**
 * A call without an answer whose Pods have gone is given up, or split after a refusal, and one that succeeded is taken
 * for undone by somebody else, only when the settling time has passed so many times over without a trace of it: an
 * address that appeared later would be nobody's.
 */
const abandonAfter = 4
/** And one that was answered, whose EIPs are never shown and of which no task says what became of them. */
const forgetAfter = 40

/**
 * Allocates one EIP for each member exactly once: the same ClientToken each time, and before any call after the
 * first a look for what the tag finds.
 */
export async function allocate(
  order: EventData['AllocationDecided'],
  context: StepContext,
): Promise<StepResult> {
  const { memory } = context
  const calledBefore = memory.calledAt !== null || memory.attempts > 0
  const found = calledBefore ? await find(order, context) : []
  if (found.length > 0) return whenReady(order, found, context)
  if (memory.answered) {
    if (await bringsNoMore(context)) {
      // Only then are others asked for.
      if (context.cancelled) return abandoned(order, context)
      takeNewToken(memory)
    } else if (context.cancelled || unsettled(context)) {
      // It brought something; not being shown is no proof that it is gone. Only whom nobody waits for is given up in
      // the end: should it be seen after all, the survey finds it in nobody's hands and the log gives it back.
      if (context.cancelled && !unsettled(context, forgetAfter)) return abandoned(order, context)
      return lookAgain(context)
    }
  } else if (context.cancelled) {
    return unsettled(context, abandonAfter) || mayPrecede(context, memory.calledAt)
      ? again(patientPollMs(context))
      : abandoned(order, context)
  }
  return sendOrder(order, [], context)
}

/**
 * Sends the call, under the token in use: it brings the same addresses, however old the state is that is shown.
 * @param found what a call before it has brought
 */
async function sendOrder(
  order: EventData['AllocationDecided'],
  found: CloudAddress[],
  context: StepContext,
): Promise<StepResult> {
  const { memory, cloud, settings } = context
  // Who was called off before anything was sent needs none. Later the token stands for whom it was sent for.
  if (memory.calledAt === null || memory.askedFor.length === 0) {
    memory.askedFor = openMembers(context).flatMap((member) => (member.cancelled ? [] : [member.claim]))
  }
  memory.repeated = memory.calledAt !== null
  const request = allocationRequest(order, askedFor(context), context)
  try {
    const answer = await context.call((options) => cloud.allocateAddresses(request, options))
    memory.addressIds = answer.addressIds
    const task = answer.taskId ?? null
    // A repeat under the same token is answered as the first was.
    if (task !== memory.taskId) memory.succeededAt = null
    memory.taskId = task
    return again(settings.pollMs)
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    if (error.code === 'UnsupportedOperation.DeliveryFailed') {
      takeNewToken(memory)
      return again(settings.settleMs)
    }
    const many = request.addressCount > 1
    if (many && refusesTheWhole(error) && bringsNothingMore(context)) {
      return completed(order, found, context, wordOf(error))
    }
    throw error
  }
}

/** Ever more rarely since the last call; where nothing is called for any more, or for some minutes, with a word. */
function lookAgain(context: StepContext, found: CloudAddress[] = []): StepResult {
  const { memory } = context
  const ids = memory.addressIds.length > 0 ? memory.addressIds : found.map(({ addressId }) => addressId)
  if (memory.attempts >= tellAfterAttempts) return again(lastingPollMs, notShown(ids))
  const delayMs = Math.min(patientPollMs(context), lastingPollMs)
  // No look can be so old any more that it would not show it.
  const isLate = memory.calledAt !== null && !mayPrecede(context, memory.calledAt)
  return isLate ? again(delayMs, notShown(ids), lastingPollMs) : again(delayMs)
}

/** What an earlier token was sent for is spent: whoever still wants an EIP is asked for under another one. */
function takeNewToken(memory: StepMemory): void {
  memory.tokenNumber += 1
  memory.answered = false
  memory.askedFor = []
  memory.addressIds = []
  memory.taskId = null
  memory.succeededAt = null
}

/** Whether a smaller number may be had: there is room for some, or one spoils it for the others. */
function refusesTheWhole(error: CloudError): boolean {
  if (error.class === 'terminal') return !isMendedInAccount(error.code)
  return /^(AddressQuotaLimitExceeded|LimitExceeded|ResourceInsufficient)/.test(error.code)
}

/**
 * Whether no call under this token can bring more than is shown: none was answered, and one that was not answered has
 * been without a further trace for long.
 */
function bringsNothingMore(context: StepContext): boolean {
  const { memory } = context
  return !memory.answered && !unsettled(context, abandonAfter) && !mayPrecede(context, memory.calledAt)
}

function wordOf({ code, message, requestId }: CloudError): CloudWord {
  return { code, message, requestId }
}

function notShown(addressIds: string[]): CloudWord {
  return ownWord(
    'AddressNotShown',
    `Tencent Cloud allocated ${addressIds.join(' and ')} but does not show all of it as ready yet; look for it in the console if this lasts.`,
  )
}

/**
 * Whether it is proved that what the last call brought and is not shown will not be seen any more. Either the cloud's
 * task ended in failure: the addresses that the answer named never came to be. Or it ended well so long ago that they
 * would be shown: somebody has released them since. A task that the cloud does not know proves nothing.
 */
async function bringsNoMore({ memory, cloud, clock, settings }: StepContext): Promise<boolean> {
  if (memory.taskId === null) return false
  const result = await cloud.describeTaskResult(memory.taskId)
  if (result === 'SUCCESS') memory.succeededAt ??= clock.now()
  const since = memory.succeededAt
  const settledMs = Math.max(settings.settleMs * abandonAfter, settings.readLagMs)
  return result === 'FAILED' || (since !== null && clock.now() - since > settledMs)
}

/** What the allocation has brought so far: by the ids that the answer named, or by tag. */
async function find(order: EventData['AllocationDecided'], context: StepContext): Promise<CloudAddress[]> {
  const { memory, cloud } = context
  if (memory.addressIds.length > 0) {
    const named = await cloud.describeAddresses({ addressIds: memory.addressIds })
    // A token that was forgotten has brought others before.
    if (named.length > 0 && !memory.repeated) return named
  }
  return cloud.describeAddresses({ tags: [{ key: allocationTag, value: order.allocationId }] })
}

/** All get theirs at once; some go without only when the cloud itself says that no more will come. */
async function whenReady(
  order: EventData['AllocationDecided'],
  found: CloudAddress[],
  context: StepContext,
): Promise<StepResult> {
  const { memory } = context
  const usable = found.filter((a) => a.status === 'UNBIND' && a.addressIp !== '')
  const missing = ownWord(
    'AddressNotShown',
    `Tencent Cloud created ${usable.length} of ${askedFor(context).length} EIPs; the rest is asked for anew.`,
  )
  const named = memory.addressIds.every((id) => usable.some((address) => address.addressId === id))
  const enough = usable.length >= askedFor(context).length && named
  const settled = usable.length === found.length && !unsettled(context)
  if (enough || (settled && memory.answered && (await bringsNoMore(context)))) {
    return completed(order, usable, context, missing)
  }
  if (settled && !memory.answered) {
    // The answer was lost, so nobody knows whether there are others: the answer to the same token tells.
    if (!context.cancelled) return sendOrder(order, usable, context)
    if (bringsNothingMore(context)) return completed(order, usable, context, missing)
  }
  return boundElsewhere(found) ?? lookAgain(context, found)
}

/** One that somebody has bound already is his until he lets it go. */
function boundElsewhere(found: CloudAddress[]): StepResult | null {
  const bound = found.find((a) => a.status === 'BIND' || a.status === 'BIND_ENI')
  if (!bound) return null
  const where = bound.instanceId ?? bound.networkInterfaceId ?? 'something else'
  const message = `EIP ${bound.addressId} was allocated, and somebody bound it to ${where} before it could be bound here; it is not touched, so unbind it there and it goes on.`
  return again(boundElsewhereMs, ownWord('AddressBoundElsewhere', message))
}
