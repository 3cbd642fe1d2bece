import type { Pod, ResourceList } from './objects.ts'

const suffixes: Record<string, number> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
}

/** The value of a Kubernetes quantity such as `100m`, `1`, `2Gi` or `1e3`; 0 when it is none. */
export function quantity(value: string | number | undefined): number {
  if (typeof value === 'number') return value
  const match = /^([+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)([numkMGTP]?|[KMGTP]i)$/.exec(value ?? '')
  return match ? Number(match[1]) * suffixes[match[2]!]! : 0
}

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
