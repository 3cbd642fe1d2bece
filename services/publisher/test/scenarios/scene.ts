import { defaultAnnotationDomain, installationMarks } from '@pod-eip/domain'
import { type Cluster, ensureCrd } from '@pod-eip/kube'
import { systemClock } from '@pod-eip/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { asks, type Stage, setStage } from './stage.ts'

export interface ScenarioCluster {
  /** With a namespace `default` and nobody in it who runs Pods. */
  cluster: Cluster
  stop: () => Promise<void>
}

export const eipId = 'tke.cloud.tencent.com/eip-id'
export const publicIp = 'tke.cloud.tencent.com/eip-public-ip'
export const { reclaimFinalizer } = installationMarks(defaultAnnotationDomain)
/** The request of a static Pod. */
export const kept = { request: { attributes: '{}', deletePolicy: 'Never' } }
export const soon = { timeout: 30_000, interval: 100 }

/** One cluster for all the tests; in each of them a name of its own, a new log, and nobody who publishes it yet. */
export function setScene(start: () => Promise<ScenarioCluster>) {
  let subject: ScenarioCluster
  let serial = 0
  const scene = {
    cluster: {} as Cluster,
    stage: {} as Stage,
    /** The Pod's and the claim's. */
    name: '',
    /** Known once the Pod is made. */
    podUid: '',

    /** A Pod in the cluster and the log whose EIP is bound. */
    async boundPod(facts: Parameters<Stage['podSeen']>[2] = {}, spec: object = {}): Promise<void> {
      const { stage, name } = scene
      scene.podUid = await stage.makePod(name, spec)
      await stage.nodeSeen(`node-of-${name}`, 'u')
      await stage.podSeen(name, scene.podUid, facts)
      await stage.cloudDoes(name)
      await stage.cloudDoes(name)
    },
    phase: async () => (await scene.stage.object(scene.name))?.status?.phase,
    uid: async () => (await scene.stage.object(scene.name))?.metadata.uid,
    /** Those beside the one that asks. */
    async annotations() {
      const { [asks]: _, ...others } = (await scene.stage.pod(scene.name))?.metadata.annotations ?? {}
      return others
    },
    /** Waits until everything that is in the log is in the cluster. */
    async published(): Promise<void> {
      const { log } = scene.stage
      const head = await log.head()
      const saved = async () => (await log.checkpoints.load('publisher')).position
      await expect.poll(saved, soon).toBe(head)
    },
    /** From here on the publisher meets the cluster with some of its calls replaced. */
    meets(replaced: Partial<Cluster>): void {
      scene.stage = setStage({ ...callsOf(scene.cluster), ...replaced }, systemClock)
    },
  }

  beforeAll(async () => {
    subject = await start()
    scene.cluster = subject.cluster
    await ensureCrd(scene.cluster)
  })
  afterAll(() => subject?.stop())
  beforeEach(() => {
    scene.name = `web-${++serial}`
    scene.stage = setStage(scene.cluster, systemClock)
  })
  afterEach(() => scene.stage.stop())
  return scene
}

export type Scene = ReturnType<typeof setScene>

/** The calls of a cluster as functions of their own, to be replaced one by one. */
function callsOf(cluster: Cluster): Cluster {
  return {
    list: (...args) => cluster.list(...args),
    watch: (...args) => cluster.watch(...args),
    get: (...args) => cluster.get(...args),
    create: (...args) => cluster.create(...args),
    apply: (...args) => cluster.apply(...args),
    mergePatch: (...args) => cluster.mergePatch(...args),
    delete: (...args) => cluster.delete(...args),
    resourceOf: (...args) => cluster.resourceOf(...args),
  }
}
