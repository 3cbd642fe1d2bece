import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createTestDatabase,
  freePort,
  redisUrlForTests,
  startEmbeddedValkey,
  uniquePrefix,
} from '@pod-eip/devstack'
import { systemClock, systemRandom } from '@pod-eip/runtime'
import { followCluster } from '@pod-eip/simulators/pod-network'
import { afterAll, beforeAll, describe, expect, vi } from 'vitest'
import { startCloud, type TestCloud } from './cloud.ts'
import { startCluster, type TestCluster } from './cluster.ts'
import { type ClusterKind, clusterKind as kind } from './cluster-kind.ts'
import { createEipctl, createKubectl, type Eipctl, type Kubectl } from './commands.ts'
import { openEipctlHere } from './eipctl-here.ts'
import type { Way } from './installed-manifests.ts'
import { keptLogs } from './kept-logs.ts'
import { createQuestions, type Questions } from './questions.ts'
import { createServiceProcesses, ofEveryProcess, type ServiceProcesses, serviceNames } from './services.ts'
import { createTestTime } from './time.ts'

export interface StageOptions {
  /** CPU count of each Node. A Node of 8 has room for 2 EIPs, one of 48 for 9. */
  cpus: number[]
  /** Lets the test move time on. Such a stage also has a Redis of its own, which the test may empty. */
  movesTime?: boolean
  /** As five processes, or in one; default: five, unless POD_EIP_E2E_WAY says `all-in-one`. */
  way?: Way
}

/** Everything that pod-eip needs around it, and pod-eip itself: five processes, or one. */
export interface Stage extends Questions {
  kind: ClusterKind
  /** Marks the EIPs of this stage. */
  clusterId: string
  cluster: TestCluster
  cloud: TestCloud
  services: ServiceProcesses
  /** What services that are started from now on find in their environment. */
  env: Record<string, string>
  kubectl: Kubectl
  eipctl: Eipctl
  /** Lets time pass at once, in ms, for database, cloud and services. @throws Error on a stage that does not move it */
  leap(ms: number): Promise<void>
  /** Where the API listens. */
  apiUrl: string
  /** Retries until the assertion holds. @throws what it threw last, or why a service died */
  eventually(assertion: () => Promise<unknown> | unknown, seconds?: number): Promise<void>
}

const defaultWay: Way = process.env.POD_EIP_E2E_WAY === 'all-in-one' ? 'all-in-one' : 'separate'

/**
 * Declares tests that hold on every kind of cluster, and runs them on the one that this run has. The stage is set
 * up once for all of them, with every service running; its fields are there when a test or a hook runs, not before.
 */
export function onEveryCluster(title: string, options: StageOptions, tests: (stage: Stage) => void): void {
  describe(`${title}, on a ${kind === 'simulated' ? 'simulated' : 'real'} cluster`, () => {
    const stage = {} as Stage
    const undo: (() => unknown)[] = []
    beforeAll(() => setStage(stage, title, options, undo))
    afterAll(async () => {
      for (const step of undo.reverse()) await step()
    })
    tests(stage)
  })
}

/** Declares the same tests for the five services as processes of their own, and for all five in one. */
export function inEveryWay(
  title: string,
  options: StageOptions,
  tests: (stage: Stage, way: Way) => void,
): void {
  for (const way of ['separate', 'all-in-one'] as const) {
    const words = way === 'separate' ? title : `${title}, all in one process`
    onEveryCluster(words, { ...options, way }, (stage) => tests(stage, way))
  }
}

async function setStage(
  stage: Stage,
  title: string,
  { cpus, movesTime = false, way = defaultWay }: StageOptions,
  undo: (() => unknown)[],
): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'pod-eip-e2e-'))
  undo.push(() => rm(dir, { recursive: true, force: true }))
  const { logs, keepEvents } = await keptLogs(`${title} ${kind}`, dir)

  const database = await createTestDatabase()
  undo.push(() => database.drop())
  const time = movesTime ? await createTestTime(database) : undefined
  if (time) undo.push(() => time.close())
  const [redis, cloud, cluster] = await Promise.all([
    movesTime ? startEmbeddedValkey() : sharedRedis(),
    startCloud(time?.clock),
    startCluster(kind, cpus, dir, way),
  ])
  undo.push(() => redis.stop())
  undo.push(() => cloud.close())
  undo.push(() => cluster.close())

  const stopping = new AbortController()
  undo.push(() => stopping.abort())
  const network = followCluster({
    cluster: cluster.client,
    region: cloud.region,
    clock: systemClock,
    random: systemRandom,
    signal: stopping.signal,
  })
  let networkError: unknown
  network.catch((error: unknown) => {
    if (!stopping.signal.aborted) networkError = error
  })

  const clusterId = uniquePrefix().slice(1, -1)
  const port = await freePort()
  const env = {
    ...ofEveryProcess,
    HOME: dir,
    ...cloud.env,
    KUBECONFIG: cluster.kubeconfig,
    POD_EIP_CLUSTER: 'kubernetes',
    POD_EIP_CLUSTER_ID: clusterId,
    POD_EIP_API_PORT: String(port),
    DATABASE_URL: time?.databaseUrl ?? database.url,
    POD_EIP_DATABASE_SCHEMA: database.schema,
    REDIS_URL: redis.url,
  }
  const services = createServiceProcesses(env, cluster.kubeconfigOf, logs, way, time)
  undo.push(async () => {
    // The manifests grant whatever the services ask for.
    const refused = (await cluster.audited()).filter(({ forbidden }) => forbidden)
    expect(refused).toEqual([])
  })
  undo.push(async () => expect(await services.stop()).toEqual([]))
  await services.start(...serviceNames)
  const [kubectl, eipctl] = [await createKubectl(cluster.kubeconfig, dir), createEipctl(env)]
  const here = openEipctlHere({ url: env.DATABASE_URL, schema: database.schema })
  undo.push(() => here.close())
  undo.push(() => keepEvents(here.eipctl))

  Object.assign(stage, {
    ...{ kind, clusterId, cluster, cloud, services, env, kubectl, eipctl },
    ...createQuestions({ client: cluster.client, eipctl: here.eipctl }),
    async leap(ms) {
      if (!time) throw new Error(`${title} has no time to move: set movesTime`)
      await time.leap(ms)
    },
    apiUrl: `http://127.0.0.1:${port}`,
    async eventually(assertion, seconds = 90) {
      const check = async () => {
        services.assertAlive()
        if (networkError) throw networkError
        await assertion()
      }
      await vi.waitFor(check, { timeout: seconds * 1_000, interval: 100 })
    },
  } satisfies Stage)
}

/** That of the run, which others use as well. */
async function sharedRedis() {
  return { url: await redisUrlForTests(), stop: async () => {} }
}
