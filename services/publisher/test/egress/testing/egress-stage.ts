import { type Claim, emptyClaim, emptyWorld } from '@pod-eip/domain'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { type Cluster, configMaps, events, type KubeObject, namespaces } from '@pod-eip/kube'
import { createMemoryModels } from '@pod-eip/read-models'
import { type Clock, seededIds, seededRandom, silentLogger } from '@pod-eip/runtime'
import { createInMemoryCluster, createKubeStore } from '@pod-eip/simulators/kube'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { afterEach } from 'vitest'
import { createEgress, type Egress } from '../../../src/egress/egress.ts'
// Loaded before the clock runs: no time passes while a module is read.
import '../../../src/egress/plan-list.ts'

export const place = { namespace: 'kube-system', name: 'ip-masq-agent-config', key: 'config' }
export const annotation = 'tke.cloud.tencent.com/eip-egress-entries'
export const target = { ...place, annotation }
export const original =
  '{"NonMasqueradeCIDRs":["172.16.0.0/16"],"NonMasqueradeSrcCIDRs":["172.16.9.2/32"],"MasqLinkLocal":true}'
const start = Date.parse('2026-01-01T00:00:00Z')

const ending: AbortController[] = []
afterEach(() => {
  for (const one of ending.splice(0)) one.abort()
})

/** A cluster with the agent's ConfigMap, read models, and as many publishers' egress as the test starts. */
export async function setStage(text: string | null = original) {
  const clock = createVirtualClock(start)
  const random = seededRandom(1)
  const store = createKubeStore({ clock, ids: seededIds(random) })
  const cluster = createInMemoryCluster({ store, clock })
  const world = emptyWorld()
  const models = createMemoryModels(() => 0, world)
  // As in Postgres, reading takes time.
  const readModels: typeof models = {
    ...models,
    claims: async (...query) => {
      await clock.sleep(3)
      return models.claims(...query)
    },
  }
  const { checkpoints } = createMemoryEventLog({ clock })
  const running: Egress[] = []
  const writes: { at: number; config: string | undefined }[] = []
  const asked: string[] = []
  const counted: typeof cluster = {
    ...cluster,
    list: (...args) => {
      asked.push(`list ${args[0].plural}`)
      return cluster.list(...args)
    },
    mergePatch: async (...args) => {
      const done = await cluster.mergePatch(...args)
      writes.push({ at: clock.now() - start, config: done.data?.config })
      return done
    },
  }
  if (!(await cluster.get(namespaces, null, 'kube-system'))) {
    await cluster.create(namespaces, { metadata: { name: 'kube-system' } })
  }
  const configMap = (data: object, more: object = {}): KubeObject => ({
    metadata: { name: place.name, namespace: place.namespace },
    data,
    ...more,
  })
  if (text !== null) await cluster.create(configMaps, configMap({ config: text, other: 'kept\n' }))
  const tick = (seconds: number) => clock.runUntil(clock.now() + seconds * 1_000)
  const change = (claim: Claim, heardBy: readonly Egress[] = running) => {
    world.claims.set(claim.key, claim)
    for (const egress of heardBy) egress.changed(claim.key)
  }

  return {
    ...{ cluster, clock, writes, asked, configMap, tick, checkpoints },
    /** One more publisher, until it is stopped; `null`: egress is not kept. */
    publish(at: typeof target | null = target, its: Cluster = counted, itsClock: Clock = clock) {
      const abort = new AbortController()
      ending.push(abort)
      const egress = createEgress({
        ...{ cluster: its, readModels, checkpoints, clock: itsClock, random, logger: silentLogger },
        settings: { target: at },
      })
      running.push(egress)
      void egress.run(abort.signal)
      return {
        egress,
        stop: () => {
          running.splice(running.indexOf(egress), 1)
          abort.abort()
        },
      }
    },
    /** What the API server's watch tells comes so much later, ms; lists and answers to writes come at once. */
    late: (ms: number): Cluster => ({
      ...counted,
      async *watch(...args) {
        for await (const event of stamped(counted.watch(...args), clock)) {
          await clock.sleep(event.at + ms - clock.now())
          yield event.told
        }
      },
    }),
    /** @param heardBy publishers that have read the log so far; without it all of them */
    bind: (name: string, ip: string, heardBy?: readonly Egress[]) => change(bound(name, ip), heardBy),
    terminate: (name: string, graceSeconds: number) => {
      const claim = world.claims.get(`default/${name}`)!
      const endsBy = new Date(clock.now() + graceSeconds * 1_000).toISOString()
      change({ ...claim, pod: { ...claim.pod!, terminating: true, endsBy } })
    },
    end: (name: string) => {
      const claim = world.claims.get(`default/${name}`)!
      change({ ...claim, phase: 'Unbinding', pod: { ...claim.pod!, ended: { reason: 'Deleted', at: '' } } })
    },
    shown: async () => (await cluster.get(configMaps, place.namespace, place.name))!,
    list: async (): Promise<string[]> => {
      const config = JSON.parse((await cluster.get(configMaps, place.namespace, place.name))!.data.config)
      return config.NonMasqueradeSrcCIDRs ?? []
    },
    /** Somebody edits the ConfigMap, as kubectl does. */
    edit: (patch: object) =>
      cluster.mergePatch(configMaps, place.namespace, place.name, patch, { fieldManager: 'kubectl-edit' }),
    told: async () =>
      (await cluster.list(events, { namespace: place.namespace })).items.map(({ reason, message }) => ({
        reason,
        message,
      })),
  }
}

/** Reads what is told as it comes, with the time at which it came. */
async function* stamped<T>(events: AsyncIterable<T>, clock: Clock): AsyncGenerator<{ told: T; at: number }> {
  const waiting: { told: T; at: number }[] = []
  let came = Promise.withResolvers<void>()
  let over = false
  const reading = (async () => {
    for await (const told of events) {
      waiting.push({ told, at: clock.now() })
      came.resolve()
    }
    over = true
    came.resolve()
  })()
  while (!over || waiting.length > 0) {
    const next = waiting.shift()
    if (next) {
      yield next
      continue
    }
    came = Promise.withResolvers()
    await came.promise
  }
  await reading
}

function bound(name: string, ip: string): Claim {
  const pod = { uid: `pod-${name}`, terminating: false, ended: null } as Claim['pod'] & object
  const binding = { podUid: pod.uid, privateIp: ip } as Claim['binding'] & object
  return { ...emptyClaim(`default/${name}`), phase: 'Bound', pod, binding }
}

/** Takes our entry out as somebody who writes the whole text does. */
export const reset = { data: { config: original } }
