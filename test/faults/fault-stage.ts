import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { uniquePrefix } from '@pod-eip/devstack'
import { systemClock, systemRandom } from '@pod-eip/runtime'
import { followCluster } from '@pod-eip/simulators/pod-network'
import { afterAll, beforeAll, describe, vi } from 'vitest'
import { startCloud, type TestCloud } from '../e2e/harness/cloud.ts'
import { startCluster, type TestCluster } from '../e2e/harness/cluster.ts'
import { type ClusterKind, clusterKind as kind } from '../e2e/harness/cluster-kind.ts'
import type { Eipctl } from '../e2e/harness/commands.ts'
import { openEipctlHere } from '../e2e/harness/eipctl-here.ts'
import { keptLogs } from '../e2e/harness/kept-logs.ts'
import { createQuestions, type Questions } from '../e2e/harness/questions.ts'
import { ofEveryProcess, type ServiceName } from '../e2e/harness/services.ts'
import { createTestTime } from '../e2e/harness/time.ts'
import { assembleImage } from '../processes/assemble-image.ts'
import { type FaultStores, openStores } from './stores.ts'
import { createSupervisor, type Supervised, type Supervisor } from './supervisor.ts'
import type { ServiceWires, Targets } from './wires-of-service.ts'

export interface FaultStageOptions<Wires extends ServiceWires> {
  /** CPU count of each Node. */
  cpus: number[]
  /** Default: a database on the run's Postgres, a Redis of its own. */
  stores?: () => Promise<FaultStores>
  /**
   * What stands between a process and what it needs.
   * @param kill ends the process at once; it is started again
   */
  wires(service: ServiceName, targets: Targets, dir: string, kill: () => void): Promise<Wires>
  /** Settings of the services. */
  env?: Record<string, string>
  /** Beside the other stages of the file that say so, where each has a cluster of its own. */
  concurrent?: boolean
}

/** A process with its wires. */
export interface WiredProcess<Wires> extends Supervised {
  wires: Wires
}

/** What pod-eip needs around it, and wires to it. Services run out of the image's bundle, and are started by the test. */
export interface FaultStage<Wires extends ServiceWires = ServiceWires> extends Questions {
  kind: ClusterKind
  cluster: TestCluster
  cloud: TestCloud
  stores: FaultStores
  supervisor: Supervisor
  /** In the test's process: what only reads the log. */
  eipctl: Eipctl
  processes: WiredProcess<Wires>[]
  /** Starts one more process of each service; resolves once all of them are ready. */
  start(...services: ServiceName[]): Promise<void>
  /** Lets time pass at once for database, cloud and services, in ms. */
  leap(ms: number): Promise<void>
  /** Retries until the assertion holds. @throws what it threw last */
  eventually<T>(assertion: () => Promise<T> | T, seconds?: number): Promise<T>
}

/** Declares tests on a stage that is set once for all of them; its fields are there when a test runs. */
export function onFaultStage<Wires extends ServiceWires>(
  title: string,
  options: FaultStageOptions<Wires>,
  tests: (stage: FaultStage<Wires>) => void,
): void {
  // A worker has one real cluster.
  const declare = options.concurrent && kind === 'simulated' ? describe.concurrent : describe
  declare(`${title}, on a ${kind === 'simulated' ? 'simulated' : 'real'} cluster`, () => {
    const stage = {} as FaultStage<Wires>
    const undo: (() => unknown)[] = []
    beforeAll(() => setStage(stage, title, options, undo))
    afterAll(async () => {
      for (const step of undo.reverse()) await step()
    })
    tests(stage)
  })
}

async function setStage<Wires extends ServiceWires>(
  stage: FaultStage<Wires>,
  title: string,
  options: FaultStageOptions<Wires>,
  undo: (() => unknown)[],
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'pod-eip-faults-'))
  undo.push(() => rm(dir, { recursive: true, force: true }))
  const { logs, keepEvents } = await keptLogs(`${title} ${kind}`, dir)
  const image = join(dir, 'image')

  const stores = await (options.stores ?? openStores)()
  undo.push(() => stores.close())
  const time = await createTestTime({ url: stores.databaseUrl, schema: stores.schema })
  undo.push(() => time.close())
  const [cloud, cluster] = await Promise.all([
    startCloud(time.clock),
    startCluster(kind, options.cpus, dir),
    assembleImage(image),
  ])
  undo.push(() => cloud.close())
  undo.push(() => cluster.close())

  const stopping = new AbortController()
  undo.push(() => stopping.abort())
  const network = { cluster: cluster.client, region: cloud.region, clock: systemClock, random: systemRandom }
  let networkError: unknown
  followCluster({ ...network, signal: stopping.signal }).catch((error: unknown) => {
    if (!stopping.signal.aborted) networkError = error
  })

  const { databaseUrl } = time
  const env = {
    ...ofEveryProcess,
    HOME: dir,
    ...cloud.env,
    KUBECONFIG: cluster.kubeconfig,
    POD_EIP_CLUSTER: 'kubernetes',
    POD_EIP_CLUSTER_ID: uniquePrefix().slice(1, -1),
    POD_EIP_API_PORT: '0',
    DATABASE_URL: databaseUrl,
    POD_EIP_DATABASE_SCHEMA: stores.schema,
    REDIS_URL: stores.redisUrl,
    ...options.env,
  }
  const supervisor = createSupervisor({ image, env, logs, time })
  const processes: WiredProcess<Wires>[] = []
  undo.push(() => Promise.all(processes.map(({ wires }) => wires.close())))
  undo.push(() => supervisor.stop())
  const here = openEipctlHere({ url: databaseUrl, schema: stores.schema })
  undo.push(() => here.close())
  const { eipctl } = here
  undo.push(() => keepEvents(eipctl))

  Object.assign(stage, {
    ...{ kind, cluster, cloud, stores, supervisor, eipctl, processes },
    ...createQuestions({ client: cluster.client, eipctl }),
    async start(...services) {
      const started = await Promise.all(
        services.map(async (service) => {
          const targets = {
            databaseUrl,
            redisUrl: stores.redisUrl,
            cloudUrl: cloud.env.POD_EIP_CLOUD_ENDPOINT!,
            kubeconfig: cluster.kubeconfigOf(service),
          }
          let process: Supervised | undefined
          const wires = await options.wires(service, targets, dir, () => process?.kill())
          process = supervisor.start(service, wires.env)
          return { ...process, wires }
        }),
      )
      processes.push(...started)
      await Promise.all(started.map((process) => process.ready()))
    },
    leap: (ms) => time.leap(ms),
    async eventually(assertion, seconds = 90) {
      const check = () => {
        if (networkError) throw networkError
        return assertion()
      }
      return vi.waitFor(check, { timeout: seconds * 1_000, interval: 200 })
    },
  } satisfies FaultStage<Wires>)
}
