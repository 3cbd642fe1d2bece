import type { CloudAddress } from '@pod-eip/cloud'
import { type EventData, type IntentMember, type NewDomainEvent, newEvent } from '@pod-eip/domain'
import { type CloudWord, done, type StepContext, type StepResult } from './step.ts'

/** Members that wait for an outcome. */
export function openMembers({ intent }: Pick<StepContext, 'intent'>): IntentMember[] {
  return intent.members.filter((member) => !member.done)
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
  const unserved = Math.max(0, asked.length - addresses.length)
  return done(
    ...openMembers(context).map((member): NewDomainEvent => {
      const place = asked.indexOf(member)
      const own = addresses[place]
      const about = aboutMember(member, order)
      if (place === -1) return newEvent('AllocationAbandoned', about)
      if (!own) return newEvent('AllocationSplit', { ...about, allocationId, members: unserved, ...missing })
      return newEvent('AllocationCompleted', {
        ...about,
        allocationId,
        addresses: place === 0 ? [own, ...surplus] : [own],
        requestId: context.memory.requestId,
      })
    }),
  )
}

/** It brought nothing, and nobody wants it any more. */
export function abandoned(order: EventData['AllocationDecided'], context: StepContext): StepResult {
  return done(
    ...openMembers(context).map((member) => newEvent('AllocationAbandoned', aboutMember(member, order))),
  )
}

function aboutMember(member: IntentMember, { intentId }: EventData['AllocationDecided']) {
  return { claim: member.claim, generation: member.generation, intentId }
}
