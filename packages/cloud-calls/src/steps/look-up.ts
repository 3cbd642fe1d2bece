import type { CloudAddress } from '@pod-eip/cloud'
import { type EventData, newEvent, type RefusedListing } from '@pod-eip/domain'
import { allocationTag, createdTag } from './created-tags.ts'
import { again, type CloudWord, done, ownWord, recent, type StepContext, type StepResult } from './step.ts'

/** A binding that goes away soon is no news: after so many looks the user is told of one that stays. */
const tellAfterAttempts = 3
/** Between two looks at an EIP that somebody else has bound, in ms, at most. */
const longestWaitMs = 30_000

/** What the cloud shows of an EIP that a list names; `pending`: nothing can be said yet. */
type Verdict = 'free' | 'in use' | 'pending' | RefusedListing['reason']

/**
 * Looks at EIPs of the user's before one of them is used. It changes nothing in the cloud: one that is bound is
 * looked at again, for as long as it takes.
 */
export async function lookUp(order: EventData['LookupDecided'], context: StepContext): Promise<StepResult> {
  const { cloud, settings } = context
  const about = { claim: order.claim, generation: order.generation, intentId: order.intentId }
  if (context.cancelled) return done(newEvent('LookupAbandoned', about))

  const shown = new Map(
    (await cloud.describeAddresses({ addressIds: order.addressIds })).map((a) => [a.addressId, a]),
  )
  const verdicts = new Map(order.addressIds.map((id) => [id, judge(shown.get(id), context)]))
  const those = (...wanted: Verdict[]) => order.addressIds.filter((id) => wanted.includes(verdicts.get(id)!))
  const free = those('free')
  const inUse = those('in use')
  if (free.length === 0 && those('pending').length > 0) return again(settings.pollMs)
  if (free.length === 0 && inUse.length > 0 && order.patient) {
    return again(waitMs(context), toldOf(shown.get(inUse[0]!)!, context))
  }
  return done(
    newEvent('LookupCompleted', {
      ...about,
      free: free.map((addressId) => ({ addressId, publicIp: shown.get(addressId)!.addressIp })),
      inUse,
      refused: those('Unknown', 'CreatedForCluster').map((addressId) => ({
        addressId,
        reason: verdicts.get(addressId) as RefusedListing['reason'],
      })),
    }),
  )
}

function judge(address: CloudAddress | undefined, context: StepContext): Verdict {
  if (!address || address.status === 'OFFLINING') {
    // What was bought a moment ago may not be shown yet.
    return recent(context, context.intent.decidedAt) ? 'pending' : 'Unknown'
  }
  if (address.tags.some(({ key }) => key === createdTag || key === allocationTag)) return 'CreatedForCluster'
  switch (address.status) {
    case 'UNBIND':
      return address.addressIp === '' ? 'pending' : 'free'
    case 'CREATING':
      return 'pending'
    case 'BIND':
    case 'BIND_ENI':
    case 'BINDING':
    case 'UNBINDING':
      return 'in use'
  }
}

/** Longer from look to look. */
function waitMs({ memory, settings }: StepContext): number {
  return Math.min(longestWaitMs, settings.pollMs * 2 ** Math.min(memory.attempts, 10))
}

function toldOf(address: CloudAddress, { memory }: StepContext): CloudWord | undefined {
  if (memory.attempts < tellAfterAttempts) return undefined
  const place = address.instanceId ?? address.networkInterfaceId ?? 'something else'
  const where = address.privateIpAddress ? `${place} at ${address.privateIpAddress}` : place
  return ownWord(
    'ListedAddressInUse',
    `EIP ${address.addressId} is bound to ${where} by somebody else and is not touched; unbind it there, or name another EIP in annotation eip-id-list.`,
  )
}
