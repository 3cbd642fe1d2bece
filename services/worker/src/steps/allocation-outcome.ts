import type { CloudAddress } from '@pod-eip/cloud'
import { type EventData, type IntentMember, type NewDomainEvent, newEvent } from '@pod-eip/domain'
import { type CloudWord, done, type StepContext, type StepResult } from './step.ts'

/** Members that wait for an outcome. */
export function openMembers({ intent, memory }: Pick<StepContext, 'intent' | 'memory'>): IntentMember[] {
  // What the intent shows may be from before the last step.
  return intent.members.filter((m) => !m.done && !memory.served.some(({ claim }) => claim === m.claim))
}

/** What the allocation brought that is nobody's yet. */
export function unserved(found: CloudAddress[], { memory }: Pick<StepContext, 'memory'>): CloudAddress[] {
  return found.filter(({ addressId }) => !memory.served.some((s) => s.addressId === addressId))
}

/** Those that the call in use asks an EIP for: fixed before it is first sent, since the token stands for them. */
export function askedFor(context: Pick<StepContext, 'intent' | 'memory'>): IntentMember[] {
  const { askedFor } = context.memory
  const open = openMembers(context)
  return askedFor.length === 0 ? open : open.filter((member) => askedFor.includes(member.claim))
}

/**
 * Each member that was asked for gets the EIP at its place, in the order of ids; what came beyond goes to the
 * first, to be given back. Members for whom there is none are allocated for anew; those that were called off
 * before the call get nothing.
 */
export function completed(
  order: EventData['AllocationDecided'],
  usable: CloudAddress[],
  context: StepContext,
  missing: CloudWord,
): StepResult {
  const { allocationId } = order
  const asked = askedFor(context)
  const addresses = usable
    .map((a) => ({ addressId: a.addressId, publicIp: a.addressIp }))
    .sort((a, b) => (a.addressId < b.addressId ? -1 : 1))
  const surplus = addresses.slice(asked.length)
  const without = Math.max(0, asked.length - addresses.length)
  return done(
    ...openMembers(context).map((member): NewDomainEvent => {
      const place = asked.indexOf(member)
      const own = addresses[place]
      const about = aboutMember(member, order)
      if (place === -1) return newEvent('AllocationAbandoned', about)
      if (!own) return newEvent('AllocationSplit', { ...about, allocationId, members: without, ...missing })
      return newEvent('AllocationCompleted', {
        ...about,
        allocationId,
        addresses: place === 0 ? [own, ...surplus] : [own],
        requestId: context.memory.requestId,
      })
    }),
  )
}

/**
 * Those that want theirs get what is ready, while the rest of the call is waited for. Only when it is known which
 * EIPs the call brought, one for each: what comes beyond is told of when all is.
 */
export function serveReady(
  order: EventData['AllocationDecided'],
  usable: CloudAddress[],
  context: StepContext,
): NewDomainEvent[] {
  const { memory } = context
  const named = memory.answered && !memory.repeated
  if (!named || memory.addressIds.length !== memory.askedFor.length) return []
  const ready = usable
    .filter(({ addressId }) => memory.addressIds.includes(addressId))
    .sort((a, b) => (a.addressId < b.addressId ? -1 : 1))
  const wanting = askedFor(context).filter((member) => !member.cancelled)
  return wanting.slice(0, ready.length).map((member, place) => {
    const { addressId, addressIp: publicIp } = ready[place]!
    memory.served.push({ claim: member.claim, addressId })
    return newEvent('AllocationCompleted', {
      ...aboutMember(member, order),
      allocationId: order.allocationId,
      addresses: [{ addressId, publicIp }],
      requestId: memory.requestId,
    })
  })
}

/** It brought nothing, and nobody wants it any more. */
export function abandoned(order: EventData['AllocationDecided'], context: StepContext): StepResult {
  return done(
    ...openMembers(context).map((member) => newEvent('AllocationAbandoned', aboutMember(member, order))),
  )
}

/** It brought nothing, and cannot be had as a whole: each is allocated for anew, in smaller ones. */
export function split(
  order: EventData['AllocationDecided'],
  context: StepContext,
  word: CloudWord,
): StepResult {
  return completed(order, [], context, word)
}

function aboutMember(member: IntentMember, { intentId }: EventData['AllocationDecided']) {
  return { claim: member.claim, generation: member.generation, intentId }
}
