import type { AllocateRequest, Tag } from '@pod-eip/cloud'
import { type EventData, type IntentMember, splitClaimKey } from '@pod-eip/domain'
import { allocationTag, clusterTag, createdTag } from './created-tags.ts'
import type { StepContext } from './step.ts'

/** The call for these members. The same members and the same token always make the same request. */
export function allocationRequest(
  order: EventData['AllocationDecided'],
  members: IntentMember[],
  { memory, settings }: Pick<StepContext, 'memory' | 'settings'>,
): AllocateRequest {
  const { tags = [], addressName, ...attributes } = order.attributes
  const suffix = memory.tokenNumber === 0 ? '' : `-${memory.tokenNumber}`
  const own: Tag[] = [
    { key: clusterTag, value: settings.clusterId },
    { key: createdTag, value: 'yes' },
    { key: allocationTag, value: order.allocationId },
  ]
  const name = addressName ?? nameFor(members) ?? settings.clusterId
  return {
    ...attributes,
    clientToken: `${order.allocationId}${suffix}`,
    addressCount: members.length,
    addressName: name.slice(0, 128),
    tags: [...tags.filter((t) => !own.some((o) => o.key === t.key)), ...own],
  }
}

/**
 * One name for all EIPs of the call: of the Pod when there is one, else what their names have in common, which
 * is the workload. `null` when they are of several namespaces.
 */
function nameFor(members: IntentMember[]): string | null {
  const [first, ...others] = members.map((member) => splitClaimKey(member.claim))
  if (!first || others.some(({ namespace }) => namespace !== first.namespace)) return null
  const words = first.name.split('-')
  const shared = (name: string, count: number) => name.split('-').slice(0, count).join('-')
  let count = words.length
  while (count > 0 && others.some(({ name }) => shared(name, count) !== shared(first.name, count))) count -= 1
  return count === 0 ? first.namespace : `${first.namespace}_${shared(first.name, count)}`
}
