import {
  createEipCloudOverVpcApi,
  createInMemoryRateLimiter,
  joinedCloud,
  rateLimitedCloud,
} from '@pod-eip/cloud'
import type { GuardSettings } from '@pod-eip/domain'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { createProjector } from '@pod-eip/projector'
import { createMemoryIntentQueue, createMemoryIntentRuns, createMemoryWorkTurn } from '@pod-eip/queue'
import { createMemoryModels, createMemoryProjectionStore, projectorCheckpoint } from '@pod-eip/read-models'
import { createMetrics, seededIds, seededRandom, silentLogger } from '@pod-eip/runtime'
import { createCloudSimulator, simulatedVpcApi } from '@pod-eip/simulators/cloud'
import { createInMemoryCluster, createKubeStore, makeTkeNode } from '@pod-eip/simulators/kube'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { createWatcher } from '@pod-eip/watcher'
import { createWorker } from '@pod-eip/worker'

export interface ServicesStageOptions {
  /** Room for so many Pods, each with a private address of its own. */
  places: number
  workers: number
  /** How long each call takes, there and back, in ms. */
  latencyMs: number
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

export type ServicesStage = ReturnType<typeof setServicesStage>

/**
 * The services' own code on a virtual clock, stores in memory, the simulated cloud with the documented limits, and
 * nothing that fails. What is in the stores outlives the services, which can be stopped and started again.
 */
export function setServicesStage({ places, workers, latencyMs }: ServicesStageOptions) {
  const clock = createVirtualClock(begin)
  const random = seededRandom(1)
  const ids = seededIds(seededRandom(2))
  const kube = createKubeStore({ clock, ids })
  const cloud = createCloudSimulator({
    clock,
    random: seededRandom(3),
    ids,
    config: { quotas: { total: 5_000, daily: 100_000 }, historyMs: 0 },
  })
  const world = cloud.region()
  const placesOf = (node: number) => Math.min(podsPerNode, places - node * podsPerNode)
  for (let node = 0; placesOf(node) > 0; node++) {
    const object = makeTkeNode({ index: node, cpu: 48 })
    kube.create(nodes, object as Parameters<typeof kube.create>[1])
    const instanceId = object.spec!.providerID!.split('/').at(-1)!
    world.upsertInstance({ instanceId, cpu: 48 })
    const privateIps = Array.from({ length: placesOf(node) }, (_, i) => ipOf(node * podsPerNode + i))
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
  const common = {
    ...{ clock, random, log, readModels: models, logger: silentLogger, checkpoints: log.checkpoints },
  }

  /** Starts all of them; resolves with what stops them. */
  function start(guard: GuardSettings = noGuard): () => Promise<void> {
    const ending = new AbortController()
    const { signal } = ending
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
        settings: { claimExpiredMs: null, cascade: false, guard },
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
          metrics: createMetrics('worker'),
          runs,
          cloud: joinedCloud(limited, { clock }),
          settings: {
            ...{ clusterId: 'cls-1', settleMs: 15_000, readLagMs: 75_000, leaseMs: 20_000, pollMs: 500 },
            ...{ surveyMs: 300_000, orphanGraceMs: 900_000, guard },
          },
          owner: `worker-${i}-${ids.next()}`,
          egress: false,
          concurrency: 100,
        }).run(signal),
      ),
    ]
    return async () => {
      ending.abort()
      await clock.runUntil(clock.now() + 60_000)
      await Promise.all(running)
    }
  }

  return {
    ...{ clock, kube, cloud, world, log, models, start },
    claims: () => [...models.world.claims.values()],
    /** A Pod comes that asks for an EIP, and has the private address of its place soon after. */
    create(name: string, place: number, attributes = '{"Bandwidth":"10"}'): void {
      kube.create(pods, podObject(name, place, attributes))
      const ip = ipOf(place)
      clock.after(addressAfterMs, () =>
        kube.patch(pods, 'default', name, {
          type: 'merge',
          subresource: 'status',
          body: { status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] } },
        }),
      )
    },
    delete: (name: string) => void kube.delete(pods, 'default', name, { gracePeriodSeconds: 0 }),
    pods: () => kube.list(pods, {}).items,
    /** Lets time pass until it is so; the seconds that it took. @throws Error when that takes more than an hour */
    async until(done: () => boolean): Promise<number> {
      for (let waited = 0; !done(); waited += 1_000) {
        if (waited > 3_600_000) throw new Error('it does not come to its end within an hour')
        await clock.runUntil(clock.now() + 1_000)
      }
      return clock.now() / 1_000
    },
  }
}

/** More is released at once here than an operator would let pass without a word. */
const noGuard: GuardSettings = {
  missedCount: 0,
  missedShare: 1,
  releases: null,
  releasedShare: null,
  fewReleases: 10,
  windowMs: 60_000,
}

export function ipOf(place: number): string {
  return `10.${1 + Math.floor(place / 62_500)}.${Math.floor(place / 250) % 250}.${(place % 250) + 1}`
}

function podObject(name: string, place: number, attributes: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'default',
      annotations: { 'tke.cloud.tencent.com/eip-attributes': attributes },
    },
    spec: {
      nodeName: makeTkeNode({ index: Math.floor(place / podsPerNode), cpu: 48 }).metadata.name,
      containers: [{ name: 'main', image: 'busybox' }],
    },
  }
}
