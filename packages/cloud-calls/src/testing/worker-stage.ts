import { type EipCloud, type RateLimiter, rateLimitedCloud } from '@pod-eip/cloud'
import {
  type Claim,
  type DomainEvent,
  foldEvent,
  type NewDomainEvent,
  newEvent,
  streamOf,
} from '@pod-eip/domain'
import { createMemoryEventLog, type EventLog, type NewEvent } from '@pod-eip/event-log'
import { createMemoryIntentRuns, type IntentRuns, type JobResult } from '@pod-eip/queue'
import { createMemoryModels, toDomainEvent } from '@pod-eip/read-models'
import { seededIds, seededRandom } from '@pod-eip/runtime'
import {
  type CloudConfigInput,
  createCloudSimulator,
  createSimulatedEipCloud,
} from '@pod-eip/simulators/cloud'
import { createVirtualClock, runUntilSettled } from '@pod-eip/simulators/virtual-clock'
import { handleIntent, type IntentHandling } from '../handle-intent.ts'

/** One second for everything that the cloud does, so that times can be told. */
const second: [number, number] = [1000, 1000]
const durations = {
  create: second,
  bind: second,
  unbind: second,
  settle: [0, 0],
  release: second,
} satisfies CloudConfigInput['durations']

/** How a story about one worker differs from the plainest. */
export interface WorkerStageOptions {
  limiter?: RateLimiter
  /** How long the cloud remembers a ClientToken. */
  clientTokenMs?: number
  /** Stands between the workers and the runs. */
  wrapRuns?(runs: IntentRuns): IntentRuns
}

const changing = ['allocateAddresses', 'associateAddress', 'disassociateAddress', 'releaseAddresses']

/** A worker over the simulated cloud and stores in memory, all on one virtual clock. */
export function setWorkerStage(options: WorkerStageOptions = {}) {
  const clock = createVirtualClock(Date.parse('2026-01-01T00:00:00Z'))
  const simulator = createCloudSimulator({
    clock,
    random: seededRandom(1),
    ids: seededIds(seededRandom(2)),
    config: {
      durations,
      quotas: { total: 20, daily: 1000 },
      ...(options.clientTokenMs !== undefined && { clientTokenMs: options.clientTokenMs }),
    },
  })
  const region = simulator.region()
  const log = createMemoryEventLog({ clock })
  const models = createMemoryModels(() => log.headNow())
  const sent: string[] = []
  const simulated = counted(createSimulatedEipCloud(simulator, { clock }), sent)
  const cloud = options.limiter ? rateLimitedCloud(simulated, options.limiter) : simulated
  const plainRuns = createMemoryIntentRuns({ clock, log })
  const runs = options.wrapRuns?.(plainRuns) ?? plainRuns
  let folded = 0

  function fold(): void {
    for (const event of log.readNow({ after: folded, limit: 1000 })) {
      foldEvent(models.world, toDomainEvent(event))
      folded = event.position
    }
  }

  const inTime = <T>(work: Promise<T>) => runUntilSettled(clock, work)

  /** What is told beside the steps is folded as well. */
  const foldedLog: Pick<EventLog, 'append' | 'read' | 'readStream'> = {
    read: (query) => log.read(query),
    readStream: (...query) => log.readStream(...query),
    async append(...args) {
      const appended = await log.append(...args)
      fold()
      return appended
    },
  }

  const worker = (owner = 'worker-1'): IntentHandling => ({
    readModels: models,
    runs,
    cloud,
    clock,
    random: seededRandom(3),
    settings: { clusterId: 'cls-1', settleMs: 15_000, readLagMs: 75_000, leaseMs: 20_000, pollMs: 500 },
    owner,
  })

  /** One handling of the intent, with whatever time it takes. */
  async function step(intentId: string, owner?: string): Promise<JobResult> {
    const handled = await inTime(handleIntent(intentId, worker(owner)))
    fold()
    return handled
  }

  return {
    clock,
    cloud: simulator,
    region,
    /** What a comparison of cloud and log works with. */
    surveying: () => ({ ...worker(), readModels: models, log: foldedLog }),
    /** A claim as the read models have it. */
    putClaim(claim: Claim): void {
      models.world.claims.set(claim.key, claim)
    },
    /** Changing calls that workers made, in order. */
    sent,
    worker,
    inTime,
    step,
    /** Records a decision as the projector does; the intent that it orders is there from now on. */
    decide(event: NewDomainEvent): void {
      log.appendNow([envelope(event, clock.now())])
      fold()
    },
    /** Calls the intent off. */
    cancel(intentId: string): void {
      const { claim, generation } = models.world.intents.get(intentId)!
      this.decide(newEvent('CancellationDecided', { claim, generation, intentId, cause: 'PodEnded' }))
    },
    /** Handles the intent, as often as it asks for, until it is done or `forMs` have passed. */
    async work(intentId: string, forMs = 600_000): Promise<void> {
      const until = clock.now() + forMs
      for (let handled = await step(intentId); handled.kind === 'again'; handled = await step(intentId)) {
        if (clock.now() + handled.delayMs > until) return clock.runUntil(until)
        await clock.runUntil(clock.now() + handled.delayMs)
      }
    },
    pass: (ms: number) => clock.runUntil(clock.now() + ms),
    /** The whole log. */
    recorded: () => log.readNow({ after: 0, limit: 1000 }),
    /** What workers said that was news, in order: that an obstacle lasts is left out. */
    told: (): DomainEvent[] =>
      log
        .readNow({ after: 0, limit: 1000 })
        .filter((event) => event.actor === 'worker')
        .map(toDomainEvent)
        .filter((event) => event.type !== 'CloudCallDelayed' || event.data.news),
    /** An EIP that was allocated a while ago. */
    async givenEip(
      ageMs = 60_000,
      tags: { key: string; value: string }[] = [],
    ): Promise<{ addressId: string; publicIp: string }> {
      const eip = createSimulatedEipCloud(simulator, { clock })
      const { addressIds } = await eip.allocateAddresses({
        clientToken: `given-${region.addresses().length}`,
        addressCount: 1,
        internetServiceProvider: 'BGP',
        internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
        internetMaxBandwidthOut: 10,
        tags,
      })
      await clock.runUntil(clock.now() + ageMs)
      const { addressId, addressIp } = region.addresses().find((a) => a.addressId === addressIds[0])!
      return { addressId, publicIp: addressIp }
    },
    /** Somebody binds an EIP, be it an earlier call of ours or a person at the console. */
    async bindByHand(addressId: string, networkInterfaceId: string, privateIpAddress: string): Promise<void> {
      const eip = createSimulatedEipCloud(simulator, { clock })
      await eip.associateAddress({ addressId, networkInterfaceId, privateIpAddress })
      await clock.runUntil(clock.now() + 1_000)
    },
    /** Somebody unbinds it. */
    async unbindByHand(addressId: string): Promise<void> {
      await createSimulatedEipCloud(simulator, { clock }).disassociateAddress({ addressId })
      await clock.runUntil(clock.now() + 1_000)
    },
    /** Somebody releases it. */
    async releaseByHand(addressId: string): Promise<void> {
      await createSimulatedEipCloud(simulator, { clock }).releaseAddresses({ addressIds: [addressId] })
      await clock.runUntil(clock.now() + 1_000)
    },
    /** What an EIP is bound to, or null. */
    boundTo(addressId: string): string | null {
      const address = region.addresses().find((a) => a.addressId === addressId)
      return address?.binding
        ? `${address.binding.networkInterfaceId}/${address.binding.privateIpAddress}`
        : null
    },
    /** How often something befell an EIP, by the cloud's own ledger. */
    befell: (what: string, addressId?: string) =>
      region.ledger(addressId === undefined ? {} : { addressId }).filter((entry) => entry.event === what)
        .length,
  }
}

export type WorkerStage = ReturnType<typeof setWorkerStage>

function envelope(event: NewDomainEvent, now: number): NewEvent {
  return {
    stream: streamOf(event),
    type: event.type,
    schemaVersion: 1,
    occurredAt: new Date(now).toISOString(),
    actor: 'projector',
    correlationId: 'uid-1',
    causationPosition: null,
    data: event.data as unknown as NewEvent['data'],
  }
}

/** The same cloud; the name of each changing call is noted as it is sent. */
function counted(cloud: EipCloud, sent: string[]): EipCloud {
  return new Proxy(cloud, {
    get(target, name: keyof EipCloud) {
      if (!changing.includes(name)) return target[name]
      return (request: never, call: { admit?: (action: never) => Promise<void> } = {}) =>
        target[name](
          request as never,
          {
            ...call,
            admit: async (action: never) => {
              await call.admit?.(action)
              sent.push(name)
            },
          } as never,
        )
    },
  })
}
