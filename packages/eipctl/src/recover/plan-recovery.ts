import type { CloudAddress } from '@pod-eip/cloud'
import type { Claim, EventData, RecoveredBinding, RecoveryProof } from '@pod-eip/domain'
import { isBound, placeOf } from '../teardown/item.ts'
import { bestOf, byEip, ownersOf, podsByPlace } from './owners.ts'
import type { Seen, SeenObject, SeenPod } from './seen.ts'

export type Recovered = EventData['ClaimRecovered']

export interface RecoveryPlan {
  /** Claims that the log has otherwise than it is proved. */
  claims: Omit<Recovered, 'by'>[]
  /** EIPs of ours that are no claim's and bound to nothing: they go back by the rules. */
  strays: { claim: string; generation: number; addressId: string; publicIp: string; allocationId: string }[]
  /** EIPs that somebody has to look at: nothing is done about them. */
  left: { addressId: string; publicIp: string; boundTo: string; says: string }[]
}

/** Names the bindings that the log does not know; when it is now, ISO 8601. */
export interface Naming {
  nextId(): string
  now: string
}

/** What the log has to be told so that it agrees with what is proved. Pure: looks at nothing itself. */
export function planRecovery(seen: Seen, naming: Naming): RecoveryPlan {
  const { owned, disputed } = ownersOf(seen)
  const byClaim = Map.groupBy(owned, ({ claim }) => claim)
  const listed = listedOwners(seen)
  const plan: RecoveryPlan = { claims: [], strays: [], left: [] }
  const has = new Map<string, { addressId: string; proof: RecoveryProof }>(listed)
  for (const [claim, found] of byClaim) if (!has.has(claim)) has.set(claim, bestOf(found, seen))
  const had = new Set([...has.values()].map(({ addressId }) => addressId))

  const open = [...seen.claims.values()].filter(({ phase, intent }) => phase !== 'Released' || intent)
  const later = [...seen.objects.values()].filter(
    (object) => isBehind(seen.claims.get(object.claim), object) && !mayBeTrue(object, seen, disputed),
  )
  const keys = [...open.map(({ key }) => key), ...has.keys(), ...later.map(({ claim }) => claim)]
  for (const key of [...new Set(keys)].sort()) {
    const change = changeOf(key, has.get(key), seen, naming)
    if (change) plan.claims.push(change)
  }
  // Who lets go of one of the user's EIPs comes before whoever has it now.
  plan.claims.sort((a, b) => Number(a.address !== null) - Number(b.address !== null))
  for (const [addressId, allocationId] of seen.ours) {
    if (had.has(addressId)) continue
    const claims = disputed.get(addressId)
    if (claims) plan.left.push(leftBetween(addressId, claims, seen))
    else addStray(plan, addressId, allocationId, seen)
  }
  return plan
}

/**
 * Whose each of the user's EIPs is: that of the EIPClaim that names it, else who has it by the log and may still. Of
 * several that name it the one at whose Pod it is bound, else the one that has it by the log.
 */
function listedOwners(seen: Seen) {
  const { objects, claims, pods, shown, ours } = seen
  const owners = new Map<string, { addressId: string; proof: RecoveryProof }>()
  const taken = new Set<string>()
  const podAt = podsByPlace(seen)
  const inLog = new Map([...claims.values()].map(({ key, address }) => [address?.id, key]))
  const naming = [...objects.values()].filter(({ terms }) => terms?.source === 'listed')
  for (const [addressId, named] of byEip(naming)) {
    const address = shown.get(addressId)
    // One that was created for a claim is nobody's by being listed.
    if (!address || ours.has(addressId)) continue
    const among = (claim: string | undefined) => named.find((one) => one === claim)
    const claim =
      named.length === 1 ? named[0] : (among(podAt(address)?.claim) ?? among(inLog.get(addressId)))
    taken.add(addressId)
    if (claim !== undefined) owners.set(claim, { addressId, proof: 'EIPClaim' })
  }
  for (const { key, address } of claims.values()) {
    if (address?.source !== 'listed' || taken.has(address.id) || !shown.has(address.id)) continue
    // Without EIPClaim and Pod it was given back since.
    if (!objects.has(key) && pods.has(key)) owners.set(key, { addressId: address.id, proof: 'Log' })
  }
  return owners
}

function leftBetween(addressId: string, claims: string[], { shown }: Seen): RecoveryPlan['left'][number] {
  const address = shown.get(addressId)!
  const says = `${claims.join(' and ')} both name it, and nothing shows whose it is; take it out of what is wrong there, and run this again.`
  const boundTo = isBound(address) ? placeOf(address) : ''
  return { addressId, publicIp: address.addressIp, boundTo, says }
}

/** The EIPClaim shows a later generation than the log knows: it is not written before the log has got past that. */
function isBehind(log: Claim | undefined, object: SeenObject | undefined): boolean {
  return (object?.generation ?? 0) > (log?.generation ?? 0)
}

/**
 * What an EIPClaim says of an EIP of somebody else's, or of one that another EIPClaim names as well, nothing disproves:
 * its claim does not become one that is over, for then the publisher would remove the EIPClaim.
 */
function mayBeTrue({ eipId }: SeenObject, { shown, ours }: Seen, disputed: ReadonlyMap<string, string[]>) {
  return disputed.has(eipId) || (shown.has(eipId) && !ours.has(eipId))
}

function changeOf(
  key: string,
  has: { addressId: string; proof: RecoveryProof } | undefined,
  seen: Seen,
  naming: Naming,
): Omit<Recovered, 'by'> | null {
  const log = seen.claims.get(key)
  const object = seen.objects.get(key)
  const shown = has && seen.shown.get(has.addressId)
  const address = shown ? addressOf(shown, seen) : null
  const pod = seen.pods.get(key)
  const binding = shown ? bindingOf(key, shown, log, object, seen, naming) : null
  const sameAddress = (log?.address?.id ?? null) === (address?.id ?? null)
  if (log && log.phase !== 'Released' && sameAddress && !log.intent && sameBinding(log, binding)) return null
  const over = !log || (log.phase === 'Released' && !log.intent)
  if (!address && over && !isBehind(log, object)) return null
  return {
    claim: key,
    generation: generationOf(address?.id, log, object),
    address,
    binding,
    pod: believedPod(pod, address, binding),
    terms: object?.terms ?? null,
    proof: has?.proof ?? 'Gone',
    former: formerOf(log, address?.id, seen),
  }
}

/**
 * The Pod of the claim's name that lives. Where the list has none, that for which the EIP is bound counts as alive: it
 * is for the watcher, and its guard, to say that it has ended.
 */
function believedPod(
  pod: SeenPod | undefined,
  address: Recovered['address'],
  binding: RecoveredBinding | null,
): Recovered['pod'] {
  if (pod && (pod.asks || address)) return { uid: pod.uid, node: pod.node, privateIp: pod.privateIp }
  return binding && { uid: binding.podUid, node: binding.node, privateIp: binding.privateIp }
}

function addressOf(
  { addressId: id, addressIp: publicIp }: CloudAddress,
  { ours }: Seen,
): Recovered['address'] {
  const allocationId = ours.get(id)
  return allocationId === undefined
    ? { source: 'listed', id, publicIp }
    : { source: 'auto', id, publicIp, allocationId }
}

/** A claim's EIPs follow each other: one that the log does not know is of a later generation than what it knows. */
function generationOf(addressId: string | undefined, log: Claim | undefined, object: SeenObject | undefined) {
  const known = log?.generation ?? 0
  if (addressId === undefined) return Math.max(known, object?.generation ?? 0)
  if (log && log.address?.id === addressId) return known
  if (object && object.eipId === addressId && object.generation > 0) return Math.max(object.generation, known)
  const over = !log || log.phase === 'Released' || log.address !== null
  return over ? known + 1 : known
}

/**
 * Where the EIP is bound, and for which Pod: the one that lives there, else the one that EIPClaim or log name. `null`
 * when it is not bound, or where nothing says that it was bound by us: the rules see to that as to any drift.
 */
function bindingOf(
  key: string,
  shown: CloudAddress,
  log: Claim | undefined,
  object: SeenObject | undefined,
  { pods, nodes }: Seen,
  { nextId, now }: Naming,
): RecoveredBinding | null {
  const { privateIpAddress: privateIp, networkInterfaceId, instanceId } = shown
  if (!isBound(shown) || privateIp === null) return null
  const living = pods.get(key)
  const podHere = living?.privateIp === privateIp ? living : undefined
  const objectHere = object?.privateIp === privateIp ? object : undefined
  const logHere = log?.binding?.privateIp === privateIp ? log.binding : undefined
  const podUid = podHere?.uid || objectHere?.podUid || logHere?.podUid
  const cvm = nodes.find((node) => !node.removed && node.instanceId === instanceId)
  const node = podHere?.node || objectHere?.node || logHere?.node || cvm?.name
  if (!podUid || !node) return null
  const boundAt = objectHere?.boundAt || logHere?.boundAt || now
  return {
    id: nextId(),
    podUid,
    node,
    instanceId,
    privateIp,
    networkInterfaceId: networkInterfaceId ?? '',
    boundAt,
  }
}

function sameBinding({ binding, phase }: Claim, proved: RecoveredBinding | null): boolean {
  if (!binding || !proved) return binding === null && proved === null
  return (
    phase === 'Bound' &&
    binding.podUid === proved.podUid &&
    binding.privateIp === proved.privateIp &&
    (binding.networkInterfaceId === '' || binding.networkInterfaceId === proved.networkInterfaceId)
  )
}

function formerOf(
  log: Claim | undefined,
  addressId: string | undefined,
  { shown }: Seen,
): Recovered['former'] {
  const before = log?.address
  const gone = before?.source === 'auto' && before.id !== addressId && !shown.has(before.id)
  return {
    goneAddressId: gone ? before.id : '',
    binding: log?.binding ? { id: log.binding.id, node: log.binding.node } : null,
    intentId: log?.intent?.id ?? '',
    awaitedNode: log?.awaitingSlotOn ?? '',
    listings: [...(log?.search.awaited ?? []), ...(before?.source === 'listed' ? [before.id] : [])],
  }
}

function addStray(plan: RecoveryPlan, addressId: string, allocationId: string, seen: Seen): void {
  const shown = seen.shown.get(addressId)!
  const { addressIp: publicIp } = shown
  const known = [...seen.claims.values()].some(({ surplus }) => surplus.some(({ id }) => id === addressId))
  if (isBound(shown)) {
    const says = `it is bound to ${placeOf(shown)}, and no Pod or claim has it there; unbind it there if nobody needs it, then run this again.`
    plan.left.push({ addressId, publicIp, boundTo: placeOf(shown), says })
  } else if (!known) {
    const intent = seen.allocations.get(allocationId)
    const claim = intent?.claim ?? `kube-system/${addressId}`
    plan.strays.push({ claim, generation: intent?.generation ?? 0, addressId, publicIp, allocationId })
  }
}
