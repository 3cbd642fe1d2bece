import { type Claim, type DomainEvent, eipLimit, livePod, splitClaimKey } from '@pod-eip/domain'
import { createMemoryModels, hashModels, replayLog, toDomainEvent } from '@pod-eip/read-models'
import type { ControlPlane } from './control-plane.ts'
import { claims as claimObjects, pods } from './history.ts'
import { region, type Stage } from './stage.ts'

/** Looks at the cloud and the cluster from outside while the story goes on. */
export interface Watchman {
  violations: string[]
  /** Changes that the cloud made to addresses so far. */
  changes(): number
}

/** Watches every change of an address in the cloud for what must never happen. */
export function createWatchman(stage: Stage, plane: ControlPlane): Watchman {
  const world = stage.cloud.region({ region })
  const violations: string[] = []
  let seen = 0
  const say = (rule: string, what: string) => {
    violations.push(`${rule} at ${new Date(stage.clock.now()).toISOString()}: ${what}`)
  }

  stage.cloud.onChange(() => {
    for (const entry of world.ledger({ after: seen })) {
      seen = entry.number
      if (entry.event === 'bound' || entry.event === 'bind-started') checkQuota()
      if (entry.requestId !== null && entry.event === 'unbind-started') {
        checkNotUnderLivePod(entry.addressId, entry.binding?.privateIpAddress ?? '')
      }
    }
  })

  /** I5, counted in the cloud and not in our own books. */
  function checkQuota(): void {
    const cpus = new Map(world.instances().map((i) => [i.instanceId, i.cpu]))
    const instanceOf = new Map(world.networkInterfaces().map((i) => [i.networkInterfaceId, i.instanceId]))
    const counts = new Map<string, number>()
    for (const address of world.addresses()) {
      const instance = address.binding && instanceOf.get(address.binding.networkInterfaceId ?? '')
      if (instance) counts.set(instance, (counts.get(instance) ?? 0) + 1)
    }
    for (const [instance, count] of counts) {
      const limit = eipLimit(cpus.get(instance) ?? 1)
      if (count > limit) say('I5', `${instance} has ${count} EIPs, its limit is ${limit}`)
    }
  }

  /** I6 and I8: we unbind an address only after the Pod that holds it has ended, never because it is not seen. */
  function checkNotUnderLivePod(addressId: string, privateIp: string): void {
    const holding = [...plane.models.world.holdings.values()].find(
      (h) => h.addressId === addressId && h.to === '',
    )
    if (!holding || holding.privateIp !== privateIp) return
    const { namespace, name } = splitClaimKey(holding.claim)
    const pod = stage.kube.list(pods, { namespace }).items.find((p) => p.metadata.name === name)
    const alive =
      pod?.metadata.uid === holding.podUid &&
      pod.status?.podIP === privateIp &&
      !['Succeeded', 'Failed'].includes(pod.status?.phase)
    if (alive) say('I6', `${addressId} was unbound from ${holding.claim}, whose Pod lives`)
  }

  return { violations, changes: () => seen }
}

/** What must be true once the storm is over and everybody has had time. */
export async function checkAtRest(stage: Stage, plane: ControlPlane): Promise<string[]> {
  const violations: string[] = []
  const say = (rule: string, what: string) => violations.push(`${rule} at rest: ${what}`)
  const world = stage.cloud.region({ region })
  const addresses = new Map(world.addresses().map((a) => [a.addressId, a]))
  const claims = await plane.models.claims()
  const events = plane.log.readNow({ after: 0, limit: Number.MAX_SAFE_INTEGER }).map(toDomainEvent)

  const owned = new Map(claims.filter((c) => c.address).map((c) => [c.address!.id, c]))
  const foreign = world.ledger({ addressId: stage.foreignEip }).map((e) => e.event)
  if (foreign.join() !== 'allocated,created')
    say('I4', `an EIP of somebody else was touched: ${foreign.join()}`)
  for (const { addressId } of addresses.values()) {
    if (addressId === stage.foreignEip) continue
    if (!owned.has(addressId)) say('I1', `${addressId} exists and belongs to no claim`)
  }
  checkOneEipPerGeneration(events, world.ledger(), stage.foreignEip, say)
  checkKept(events, say)

  for (const pod of stage.kube.list(pods, { namespace: 'default' }).items) {
    if (['Succeeded', 'Failed'].includes(pod.status?.phase) || pod.metadata.deletionTimestamp) continue
    const claim = claims.find((c) => c.key === `default/${pod.metadata.name}`)
    if (!claim || claim.pod?.uid !== pod.metadata.uid) {
      say('I9', `Pod ${pod.metadata.name} asks and nobody has noticed`)
      continue
    }
    if (!pod.status?.podIP) continue
    if (claim.phase !== 'Bound') {
      if (claim.problem?.reason !== 'NodeQuotaExhausted') {
        say('at rest', `claim ${claim.key} is ${claim.phase} (${claim.problem?.message ?? 'no reason'})`)
      }
      continue
    }
    const address = addresses.get(claim.address!.id)
    if (address?.binding?.privateIpAddress !== pod.status.podIP) {
      say(
        'I2',
        `${claim.key} is Bound in the log, but ${claim.address!.id} is at ${address?.binding?.privateIpAddress ?? 'nobody'}`,
      )
    }
    if (pod.metadata.annotations?.['tke.cloud.tencent.com/eip-id'] !== claim.address!.id) {
      say('told', `Pod ${pod.metadata.name} lacks its annotation`)
    }
  }
  const now = new Date(stage.clock.now() - 60_000).toISOString()
  for (const claim of claims) {
    checkRest(claim, addresses.has(claim.address?.id ?? ''), say)
    if (claim.retained?.until && claim.retained.until < now)
      say('expiry', `${claim.key} is kept past its time`)
  }
  checkObjects(stage, claims, say)

  const { world: replayed, folded } = await replayLog(plane.log, await plane.models.position())
  const again = await hashModels(createMemoryModels(() => folded, replayed))
  const live = await hashModels(plane.models)
  if (JSON.stringify(again) !== JSON.stringify(live)) say('I7', 'a replay gives other read models')
  return violations
}

type Say = (rule: string, what: string) => void

/** I2: however often the cloud was called, one generation of a claim brought at most one EIP. */
function checkOneEipPerGeneration(
  events: DomainEvent[],
  ledger: { event: string; addressId: string; clientToken: string | null }[],
  foreign: string,
  say: Say,
): void {
  const generationOf = new Map<string, string>()
  for (const event of events) {
    if (event.type !== 'AllocationDecided') continue
    generationOf.set(event.data.allocationId, `${event.data.claim} generation ${event.data.generation}`)
  }
  const brought = new Map<string, Set<string>>()
  for (const entry of ledger) {
    // An address whose creation the cloud gave up never was one.
    if (entry.event === 'create-failed') for (const ids of brought.values()) ids.delete(entry.addressId)
    if (entry.event !== 'allocated' || entry.addressId === foreign) continue
    const generation = generationOf.get((entry.clientToken ?? '').slice(0, 36))
    if (!generation) {
      say('I1', `${entry.addressId} was allocated without a decision`)
      continue
    }
    brought.set(generation, (brought.get(generation) ?? new Set()).add(entry.addressId))
  }
  for (const [generation, ids] of brought) {
    if (ids.size > 1) say('I2', `${generation} got ${[...ids].join(' and ')}`)
  }
}

/** I3: a static claim's EIP is given back only when its time is over, or somebody asked for it. */
function checkKept(events: DomainEvent[], say: Say): void {
  const terms = new Map<string, boolean>()
  const until = new Map<string, string | null>()
  for (const event of events) {
    if (event.type === 'RequestAccepted') terms.set(event.data.claim, event.data.terms.static)
    if (event.type === 'ClaimRetained') until.set(event.data.claim, event.data.until)
    if (event.type !== 'ReleaseDecided' || !terms.get(event.data.claim)) continue
    const time = until.get(event.data.claim)
    const over = event.data.cause === 'Expired' && time && time <= event.occurredAt
    if (!over && event.data.cause !== 'ManualReclaim') {
      say('I3', `${event.data.claim} is static and was released: ${event.data.cause}`)
    }
  }
}

function checkRest(claim: Claim, inCloud: boolean, say: Say): void {
  if (claim.intent)
    say('at rest', `${claim.key} still waits for ${claim.intent.action} (${claim.problem?.message ?? ''})`)
  if (claim.address && !inCloud) say('I3', `${claim.key} believes in ${claim.address.id}, which is gone`)
  if (!livePod(claim) && !['Released', 'Retained'].includes(claim.phase)) {
    say('I6', `${claim.key} has no Pod and is ${claim.phase}`)
  }
  if (claim.phase === 'Retained' && !claim.terms?.static)
    say('I6', `${claim.key} is not static and is retained`)
  if (claim.deletion) say('I9', `the deletion of ${claim.key} was never answered`)
}

/** The EIPClaims are those of the open claims, and say what they are. */
function checkObjects(stage: Stage, claims: Claim[], say: Say): void {
  const objects = new Map(claimObjects(stage).map((o) => [`${o.metadata.namespace}/${o.metadata.name}`, o]))
  for (const claim of claims) {
    const object = objects.get(claim.key)
    if (claim.phase === 'Released') {
      if (object) say('told', `EIPClaim ${claim.key} outlives its claim`)
      continue
    }
    if (!object) say('told', `open claim ${claim.key} has no EIPClaim`)
    else if (
      object.status?.phase !== claim.phase ||
      (object.status?.eipId ?? null) !== (claim.address?.id ?? null)
    ) {
      say(
        'told',
        `EIPClaim ${claim.key} says ${object.status?.phase} ${object.status?.eipId}, the claim is ${claim.phase}`,
      )
    }
    // I9: whoever looks is told, in one sentence, how it stands.
    const conditions: { type: string; message?: string }[] = object?.status?.conditions ?? []
    const told = conditions.find((condition) => condition.type === 'Ready')?.message ?? ''
    if (object && !/^[A-Z].{10,}\.$/.test(told))
      say('I9', `EIPClaim ${claim.key} says nothing of itself: ${told}`)
    objects.delete(claim.key)
  }
}
