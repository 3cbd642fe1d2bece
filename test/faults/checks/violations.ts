import type { Claim } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'
import type { KubeObject } from '@pod-eip/kube'
import type { TestCloud } from '../../e2e/harness/cloud.ts'
import { annotation } from '../../e2e/harness/manifests.ts'

export type LedgerEntry = ReturnType<TestCloud['region']['ledger']>[number]

/** What there is once everything is at rest: in the cluster, in the cloud, in the log. */
export interface AtRest {
  pods: KubeObject[]
  eipClaims: KubeObject[]
  claims: Claim[]
  events: RecordedEvent[]
  addresses: ReturnType<TestCloud['region']['addresses']>
  ledger: LedgerEntry[]
  /** EIPs of the user's. */
  listed: string[]
}

/** One rule that does not hold. */
export interface Violation {
  rule: 'leak' | 'double' | 'lost' | 'not at rest'
  what: string
}

/** What is wrong: an EIP too many, one too few, one bound twice, or a word that is not true. */
export function violations(world: AtRest): Violation[] {
  return [...leaks(world), ...losses(world), ...doubles(world), ...bindings(world.ledger), ...untold(world)]
}

/** EIPs that nobody has, and orders that brought what the log does not know. */
function leaks({ addresses, claims, listed, ledger, events }: AtRest): Violation[] {
  const owned = new Set([...listed, ...claims.flatMap(({ address }) => (address ? [address.id] : []))])
  const known = new Set(completions(events).flatMap(({ ids }) => ids))
  const failed = new Set(
    ledger.filter(({ event }) => event === 'create-failed').map((entry) => entry.addressId),
  )
  return [
    ...addresses
      .filter(({ addressId }) => !owned.has(addressId))
      .map(({ addressId }) => `${addressId} exists and no claim has it`),
    ...ledger
      .filter(({ event, addressId }) => event === 'allocated' && !listed.includes(addressId))
      .filter(({ addressId }) => !known.has(addressId) && !failed.has(addressId))
      .map(({ addressId }) => `${addressId} was allocated and the log does not know it`),
  ].map((what) => ({ rule: 'leak', what }))
}

/** Live Pods without their EIP, claims whose EIP is gone, and EIPs of the user's that are. */
function losses({ pods, claims, addresses, listed }: AtRest): Violation[] {
  const inCloud = new Map(addresses.map((address) => [address.addressId, address]))
  const wrong: string[] = []
  for (const { metadata, status } of pods) {
    const claim = claims.find(({ key }) => key === `${metadata.namespace}/${metadata.name}`)
    const at = claim?.address ? inCloud.get(claim.address.id)?.binding?.privateIpAddress : undefined
    if (claim?.phase !== 'Bound' || claim.binding?.podUid !== metadata.uid)
      wrong.push(`Pod ${metadata.name} lives and its claim is ${claim?.phase ?? 'not there'}`)
    else if (at !== status?.podIP)
      wrong.push(`${claim.address?.id} of ${metadata.name} is at ${at}, the Pod at ${status?.podIP}`)
  }
  for (const { key, address } of claims) {
    if (address && !inCloud.has(address.id)) wrong.push(`${key} has ${address.id}, which is gone`)
  }
  for (const id of listed) if (!inCloud.has(id)) wrong.push(`${id} is the user's, and gone`)
  return wrong.map((what) => ({ rule: 'lost', what }))
}

/** Generations that got two EIPs, EIPs that two generations got, EIPs that two claims have. */
function doubles({ events, claims, listed }: AtRest): Violation[] {
  const wrong: string[] = []
  const completed = new Set<string>()
  const given = new Map<string, string>()
  for (const { name, ids } of completions(events)) {
    if (completed.has(name)) wrong.push(`${name} was allocated for twice`)
    completed.add(name)
    if (ids.length > 1) wrong.push(`${name} got ${ids.join(' and ')}`)
    for (const id of ids) {
      if (given.has(id)) wrong.push(`${id} was given to ${given.get(id)} and to ${name}`)
      given.set(id, name)
    }
  }
  const holders = Map.groupBy(
    claims.filter(({ address }) => address),
    ({ address }) => address!.id,
  )
  for (const [id, { length }] of holders) {
    if (length > 1) wrong.push(`${id} is with ${length} claims${listed.includes(id) ? ' and listed' : ''}`)
  }
  return wrong.map((what) => ({ rule: 'double', what }))
}

/** Walks through what the cloud did: one EIP at one place, one place with one EIP. */
function bindings(ledger: LedgerEntry[]): Violation[] {
  const wrong: string[] = []
  const placeOf = new Map<string, string>()
  const eipAt = new Map<string, string>()
  for (const { event, addressId, binding } of ledger) {
    const place = binding ? `${binding.networkInterfaceId} ${binding.privateIpAddress}` : undefined
    const before = placeOf.get(addressId)
    switch (event) {
      case 'bind-started': {
        const there = place === undefined ? undefined : eipAt.get(place)
        if (before !== undefined) wrong.push(`${addressId} was bound at ${place} while it was at ${before}`)
        if (there !== undefined && there !== addressId)
          wrong.push(`${place} got ${addressId} beside ${there}`)
        if (place === undefined) break
        placeOf.set(addressId, place)
        eipAt.set(place, addressId)
        break
      }
      case 'unbound':
      case 'bind-failed':
      case 'released':
        if (before !== undefined) eipAt.delete(before)
        placeOf.delete(addressId)
        break
      default:
    }
  }
  return wrong.map((what) => ({ rule: 'double', what }))
}

/** EIPClaims that are not those of the open claims, Pods that do not say which EIP they have, calls that are still to be made. */
function untold({ pods, eipClaims, claims }: AtRest): Violation[] {
  const open = claims.filter(({ phase }) => phase !== 'Released')
  const objects = new Map(
    eipClaims.map((object) => [`${object.metadata.namespace}/${object.metadata.name}`, object]),
  )
  const wrong = open.flatMap(({ key, phase, address, intent }) => {
    const status = objects.get(key)?.status
    const said = `${status?.phase} ${status?.eipId ?? null}`
    return [
      ...(said === `${phase} ${address?.id ?? null}`
        ? []
        : [`EIPClaim ${key} says ${said}, the claim is ${phase} ${address?.id}`]),
      ...(intent ? [`${key} still waits for ${intent.action}`] : []),
    ]
  })
  const keys = new Set(open.map(({ key }) => key))
  wrong.push(
    ...[...objects.keys()].filter((key) => !keys.has(key)).map((key) => `EIPClaim ${key} has no claim`),
  )
  for (const { metadata } of pods) {
    const claim = open.find(({ key }) => key === `${metadata.namespace}/${metadata.name}`)
    if (metadata.annotations?.[annotation.eipId] !== claim?.address?.id)
      wrong.push(`Pod ${metadata.name} does not say that it has ${claim?.address?.id}`)
  }
  return wrong.map((what) => ({ rule: 'not at rest', what }))
}

/** Which generation got which EIPs. */
function completions(events: RecordedEvent[]): { name: string; ids: string[] }[] {
  return events
    .filter(({ type }) => type === 'AllocationCompleted')
    .map(({ data }) => ({
      name: `${data.claim} generation ${data.generation}`,
      ids: (data.addresses as { addressId: string }[]).map(({ addressId }) => addressId),
    }))
}
