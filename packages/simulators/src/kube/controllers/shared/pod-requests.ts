import { quantity } from '../../resources/quantity.ts'
import type { Pod, ResourceList } from './objects.ts'

/**
 * What a Pod asks of its Node: the sum over its containers or the largest init container, whichever is
 * more; a limit stands in for a request that is not there. Every Pod also counts as one of `pods`.
 */
export function podRequests(pod: Pod): ReadonlyMap<string, number> {
  const known = requestsOf.get(pod)
  if (known) return known
  const total = new Map<string, number>()
  for (const container of pod.spec.containers) {
    for (const [name, value] of containerRequests(container.resources)) {
      total.set(name, (total.get(name) ?? 0) + value)
    }
  }
  for (const container of pod.spec.initContainers ?? []) {
    for (const [name, value] of containerRequests(container.resources)) {
      total.set(name, Math.max(total.get(name) ?? 0, value))
    }
  }
  total.set('pods', 1)
  requestsOf.set(pod, total)
  return total
}

// The scheduler sums these over every Pod for every Pod; stored objects never change.
const requestsOf = new WeakMap<Pod, ReadonlyMap<string, number>>()

function containerRequests(resources: { requests?: ResourceList; limits?: ResourceList } | undefined) {
  const merged: ResourceList = { ...resources?.limits, ...resources?.requests }
  return Object.entries(merged).map(([name, value]) => [name, quantity(value)] as const)
}

/** The Pod's quality of service class, by the requests and limits of cpu and memory. */
export function qosClass(pod: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  const asked = containers.map((c) => c.resources ?? {})
  const named = (list: ResourceList | undefined, name: string) => list?.[name] !== undefined
  const any = asked.some((r) =>
    ['cpu', 'memory'].some((name) => named(r.requests, name) || named(r.limits, name)),
  )
  if (!any) return 'BestEffort'
  const guaranteed = asked.every((r) =>
    ['cpu', 'memory'].every(
      (name) =>
        named(r.limits, name) &&
        quantity(r.requests?.[name] ?? r.limits![name]) === quantity(r.limits![name]),
    ),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}
