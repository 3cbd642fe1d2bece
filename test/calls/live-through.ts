import {
  createEipCloudOverVpcApi,
  createInMemoryRateLimiter,
  joinedCloud,
  rateLimitedCloud,
} from '@pod-eip/cloud'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { createProjector } from '@pod-eip/projector'
import { createMemoryIntentQueue, createMemoryIntentRuns, createMemoryWorkTurn } from '@pod-eip/queue'
import { createMemoryModels, createMemoryProjectionStore, projectorCheckpoint } from '@pod-eip/read-models'
import { type Clock, seededIds, seededRandom, silentLogger } from '@pod-eip/runtime'
import { createCloudSimulator, simulatedVpcApi } from '@pod-eip/simulators/cloud'
import { createInMemoryCluster, createKubeStore, makeTkeNode } from '@pod-eip/simulators/kube'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { createWatcher } from '@pod-eip/watcher'
import { createWorker } from '@pod-eip/worker'

export interface Rollout {
  pods: number
  /** How they come. */
  come: Pace
  /** How they end. */
  end: Pace
  workers: number
  /** Whether they ask for the same; else no two do. */
  alike: boolean
  /** How long each call takes, there and back, in ms. */
  latencyMs: number
}

/** So many Pods together, and the next as many so long after. */
export interface Pace {
  atOnce: number
  everyMs: number
}

export interface Lived {
  /** What the cloud counted, by action. */
  calls: Record<string, number>
  callsPerPod: number
  /** From when a Pod asks until the log says that its EIP is bound, in seconds of virtual time. */
  boundAfter: { least: number; median: number; most: number }
}

const begin = Date.parse('2026-01-01T00:00:00Z')
const core = (plural: string, kind: string, namespaced: boolean) =>
  ({ group: '', version: 'v1', plural, kind, namespaced }) as const
const pods = core('pods', 'Pod', true)
const nodes = core('nodes', 'Node', false)
/** EIPs that a node with 48 CPUs takes. */
const podsPerNode = 9
/** A Pod has its private address so long after it was made, in ms. */
const addressAfterMs = 1_500
/** The last Pod that is bound lives for so long, in ms. */
const lifeMs = 60_000

/**
 * Lets so many Pods come, be bound, end, and their EIPs be released: the services' own code on a virtual clock,
 * stores in memory, the simulated cloud with the documented limits, and nothing that fails.
 */
export async function liveThrough(rollout: Rollout): Promise<Lived> {
  const { pods: count, come, end, workers, alike, latencyMs } = rollout
  const clock = createVirtualClock(begin)
  const random = seededRandom(1)
  const ids = seededIds(seededRandom(2))
  const kube = createKubeStore({ clock, ids })
  const cloud = createCloudSimulator({
    clock,
    random: seededRandom(3),
    ids,
    config: { quotas: { total: 2_000, daily: 100_000 }, historyMs: 0 },
  })
  const world = cloud.region()
  const podsOf = (node: number) => Math.min(podsPerNode, count - node * podsPerNode)
  for (let node = 0; podsOf(node) > 0; node++) {
    const object = makeTkeNode({ index: node, cpu: 48 })
    kube.create(nodes, object as Parameters<typeof kube.create>[1])
    const instanceId = object.spec!.providerID!.split('/').at(-1)!
    world.upsertInstance({ instanceId, cpu: 48 })
    const privateIps = Array.from({ length: podsOf(node) }, (_, i) => ipOf(node * podsPerNode + i))
    world.upsertNetworkInterface({ networkInterfaceId: `eni-${node}`, instanceId, privateIps })
  }

  const log = createMemoryEventLog({ clock })
  const models = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position)
  const queue = createMemoryIntentQueue({ clock, random })
  const turn = createMemoryWorkTurn({ clock })
  const runs = createMemoryIntentRuns({ clock, log })
  const vpcApi = simulatedVpcApi(cloud, { clock })
  const limited = rateLimitedCloud(
    createEipCloudOverVpcApi(async (...request) => {
      await clock.sleep(latencyMs / 2)
      const answer = await vpcApi(...request)
      await clock.sleep(latencyMs / 2)
      return answer
    }),
    createInMemoryRateLimiter(clock),
  )
  const ending = new AbortController()
  const { signal } = ending
  const common = {
    clock,
    random,
    log,
    readModels: models,
    logger: silentLogger,
    checkpoints: log.checkpoints,
  }
  const running = [
    createProjector({
      ...common,
      // As long as a step with its transaction takes.
      waitForMore: async (position, either) => {
        await log.waitForMore(position, AbortSignal.any([either, signal]))
        await clock.sleep(20)
      },
      store: createMemoryProjectionStore(log, models.world),
      queue,
      ids,
      settings: { claimExpiredMs: null, cascade: false, guard: noGuard },
    }).run(signal),
    createWatcher({
      ...common,
      cluster: createInMemoryCluster({ store: kube, clock }),
      settings: { annotationDomain: 'tke.cloud.tencent.com' },
    }).run(signal),
    ...Array.from({ length: workers }, (_, i) =>
      createWorker({
        ...common,
        queue,
        turn,
        runs,
        cloud: joinedCloud(limited, { clock }),
        settings: {
          ...{ clusterId: 'cls-1', settleMs: 15_000, leaseMs: 20_000, pollMs: 500 },
          ...{ surveyMs: 300_000, orphanGraceMs: 900_000 },
        },
        owner: `worker-${i}`,
        egress: false,
        concurrency: 100,
      }).run(signal),
    ),
  ]
  const claims = () => [...models.world.claims.values()]
  const until = (done: () => boolean) => waitUntil(clock, done)

  const pause = async (i: number, { atOnce, everyMs }: Pace) => {
    if ((i + 1) % atOnce === 0) await clock.runUntil(clock.now() + everyMs)
  }
  await clock.runUntil(clock.now() + 10_000)
  const asked = new Map<string, number>()
  for (let i = 0; i < count; i++) {
    asked.set(`default/pod-${i}`, clock.now())
    kube.create(pods, podObject(i, alike))
    clock.after(addressAfterMs, () =>
      kube.patch(pods, 'default', `pod-${i}`, {
        type: 'merge',
        subresource: 'status',
        body: { status: { phase: 'Running', podIP: ipOf(i), podIPs: [{ ip: ipOf(i) }] } },
      }),
    )
    await pause(i, come)
  }
  await until(() => claims().filter((claim) => claim.phase === 'Bound').length === count)
  const waits = claims()
    .map((claim) => (Date.parse(claim.binding!.boundAt) - asked.get(claim.key)!) / 1_000)
    .sort((a, b) => a - b)
  await clock.runUntil(clock.now() + lifeMs)
  for (let i = 0; i < count; i++) {
    kube.delete(pods, 'default', `pod-${i}`, { gracePeriodSeconds: 0 })
    await pause(i, end)
  }
  await until(() => world.addresses().length === 0 && claims().every((claim) => claim.phase === 'Released'))
  ending.abort()
  await clock.runUntil(clock.now() + 60_000)
  await Promise.all(running)
  const calls = cloud.requests()
  const all = Object.values(calls).reduce((sum, n) => sum + n, 0)
  return {
    calls,
    callsPerPod: all / count,
    boundAfter: { least: waits[0]!, median: waits[Math.floor(count / 2)]!, most: waits.at(-1)! },
  }
}

/** More is released at once here than an operator would let pass without a word. */
const noGuard = { missedCount: 0, missedShare: 1, releases: null, windowMs: 60_000 }

async function waitUntil(
  clock: Clock & { runUntil(until: number): Promise<void> },
  done: () => boolean,
): Promise<void> {
  for (let waited = 0; !done(); waited += 1_000) {
    if (waited > 3_600_000) throw new Error('the rollout does not come to its end within an hour')
    await clock.runUntil(clock.now() + 1_000)
  }
}

function ipOf(pod: number): string {
  return `10.1.${Math.floor(pod / 250)}.${(pod % 250) + 1}`
}

function podObject(pod: number, alike: boolean) {
  const attributes = alike ? '{"Bandwidth":"10"}' : `{"Bandwidth":"10","AddressName":"pod-${pod}"}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `pod-${pod}`,
      namespace: 'default',
      annotations: { 'tke.cloud.tencent.com/eip-attributes': attributes },
    },
    spec: {
      nodeName: makeTkeNode({ index: Math.floor(pod / podsPerNode), cpu: 48 }).metadata.name,
      containers: [{ name: 'main', image: 'busybox' }],
    },
  }
}
