import { type Claim, emptyClaim, emptyWorld } from '@pod-eip/domain'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { configMaps, events, KubeError, type KubeObject, namespaces } from '@pod-eip/kube'
import { createMemoryModels } from '@pod-eip/read-models'
import { seededIds, seededRandom, silentLogger } from '@pod-eip/runtime'
import { createInMemoryCluster, createKubeStore } from '@pod-eip/simulators/kube'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { afterEach, describe, expect, test } from 'vitest'
import { createEgress, type Egress } from '../../src/egress/egress.ts'
// Loaded before the clock runs: no time passes while a module is read.
import '../../src/egress/plan-list.ts'

const place = { namespace: 'kube-system', name: 'ip-masq-agent-config', key: 'config' }
const annotation = 'tke.cloud.tencent.com/eip-egress-entries'
const target = { ...place, annotation }
const original =
  '{"NonMasqueradeCIDRs":["172.16.0.0/16"],"NonMasqueradeSrcCIDRs":["172.16.9.2/32"],"MasqLinkLocal":true}'
const start = Date.parse('2026-01-01T00:00:00Z')

const ending: AbortController[] = []
afterEach(() => {
  for (const one of ending.splice(0)) one.abort()
})

/** A cluster with the agent's ConfigMap, read models, and as many publishers' egress as the test starts. */
async function setStage(text: string | null = original) {
  const clock = createVirtualClock(start)
  const random = seededRandom(1)
  const store = createKubeStore({ clock, ids: seededIds(random) })
  const cluster = createInMemoryCluster({ store, clock })
  const world = emptyWorld()
  const readModels = createMemoryModels(() => 0, world)
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
  const change = (claim: Claim) => {
    world.claims.set(claim.key, claim)
    for (const egress of running) egress.changed(claim.key)
  }

  return {
    ...{ cluster, clock, writes, asked, configMap, tick, checkpoints },
    /** One more publisher, until it is stopped; `null`: egress is not kept. */
    publish(at: typeof target | null = target, its = counted) {
      const abort = new AbortController()
      ending.push(abort)
      const egress = createEgress({
        ...{ cluster: its, readModels, checkpoints, clock, random, logger: silentLogger },
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
    bind: (name: string, ip: string) => change(bound(name, ip)),
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

function bound(name: string, ip: string): Claim {
  const pod = { uid: `pod-${name}`, terminating: false, ended: null } as Claim['pod'] & object
  const binding = { podUid: pod.uid, privateIp: ip } as Claim['binding'] & object
  return { ...emptyClaim(`default/${name}`), phase: 'Bound', pod, binding }
}

describe('the list', () => {
  test('has what Pods need, beside all that was there, and is as it was when they are gone', async () => {
    const stage = await setStage()
    const before = await stage.shown()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    stage.bind('b', '10.0.0.5')
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.4/31'])
    stage.end('a')
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.5/32'])
    stage.end('b')
    await stage.tick(10)
    const after = await stage.shown()
    expect(after.data).toEqual(before.data)
    expect(after.metadata.annotations ?? {}).toEqual({})
  })

  test('is not written while nothing changes, whoever starts again', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    stage.publish()
    await stage.edit({ data: { another: 'key' } })
    await stage.tick(3_600)
    expect(stage.writes).toHaveLength(1)
  })

  test('is written a few times for a rollout of 300 Pods', async () => {
    const stage = await setStage()
    stage.publish()
    for (let n = 0; n < 300; n += 1) {
      stage.bind(`p${n}`, `10.0.${n >> 8}.${n & 255}`)
      await stage.tick(0.1)
    }
    await stage.tick(10)
    expect(stage.writes.length).toBeLessThan(10)
    expect(await stage.list()).toEqual([
      '172.16.9.2/32',
      '10.0.0.0/24',
      '10.0.1.0/27',
      '10.0.1.32/29',
      '10.0.1.40/30',
    ])
  })

  test('loses the entry of a Pod within seconds, however many others come', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('gone', '10.9.9.9')
    await stage.tick(10)
    stage.end('gone')
    for (let n = 0; n < 60; n += 1) {
      stage.bind(`p${n}`, `10.0.0.${n}`)
      await stage.tick(0.1)
    }
    expect(await stage.list()).not.toContain('10.9.9.9/32')
  })

  test('loses the entry of a Pod that is to end a minute and a half before it has to', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('slow', '10.0.0.4')
    stage.bind('quick', '10.0.0.8')
    await stage.tick(10)
    stage.terminate('slow', 600)
    stage.terminate('quick', 30)
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.4/32'])
    await stage.tick(490)
    expect(await stage.list()).toContain('10.0.0.4/32')
    await stage.tick(20)
    expect(await stage.list()).toEqual(['172.16.9.2/32'])
  })

  test('takes up what changed while nobody was there', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    stage.end('a')
    stage.bind('b', '10.0.0.8')
    stage.publish()
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.8/32'])
  })

  test('is the same for two publishers at once', async () => {
    const stage = await setStage()
    stage.publish()
    stage.publish()
    for (let n = 0; n < 20; n += 1) {
      stage.bind(`p${n}`, `10.0.0.${2 * n}`)
      if (n > 5) stage.end(`p${n - 5}`)
      await stage.tick(1)
    }
    await stage.tick(10)
    const live = [0, ...Array.from({ length: 5 }, (_, n) => 15 + n)].map((n) => `10.0.0.${2 * n}/32`)
    expect(new Set(await stage.list())).toEqual(new Set(['172.16.9.2/32', ...live]))
    expect(await stage.told()).toEqual([])
  })
})

/** Takes our entry out as somebody who writes the whole text does. */
const reset = { data: { config: original } }

describe('what others do', () => {
  test('edits stay, and ours stand beside them', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    const { data } = await stage.shown()
    await stage.edit({
      data: { config: data.config.replace('"MasqLinkLocal":true', '"MasqLinkLocal" : false') },
    })
    stage.bind('b', '10.0.0.8')
    await stage.tick(10)
    stage.end('a')
    stage.end('b')
    await stage.tick(10)
    expect((await stage.shown()).data.config).toBe(
      original.replace('"MasqLinkLocal":true', '"MasqLinkLocal" : false'),
    )
  })

  test('what is taken out comes back, told who did it; once the Pod has ended it does not', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.edit(reset)
    await stage.tick(10)
    expect(await stage.list()).toContain('10.0.0.4/32')
    expect(await stage.told()).toEqual([
      {
        reason: 'EgressEntriesTaken',
        message: expect.stringMatching(
          /^kubectl-edit took out of ConfigMap kube-system\/ip-masq-agent-config what/,
        ),
      },
    ])
    await stage.edit(reset)
    stage.end('a')
    await stage.tick(60)
    expect((await stage.shown()).data.config).toBe(original)
  })

  test('who takes it out again and again is answered ever more rarely; what is new goes in meanwhile', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    let resets = 0
    for (let second = 0; second < 3_600; second += 1) {
      if ((await stage.list()).length > 1) {
        await stage.edit(reset)
        resets += 1
      }
      await stage.tick(1)
    }
    expect(resets).toBeLessThan(25)
    expect(resets).toBeGreaterThan(10)
    stage.bind('b', '10.0.0.8')
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.8/32'])
    await stage.tick(600)
    expect(new Set(await stage.list())).toEqual(new Set(['172.16.9.2/32', '10.0.0.4/32', '10.0.0.8/32']))
    expect((await stage.told()).map(({ reason }) => reason)).toEqual(['EgressEntriesTaken'])
  })

  test('an annotation that is taken away comes back, and what is ours still goes with its Pod', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.edit({ metadata: { annotations: { [annotation]: null } } })
    await stage.tick(10)
    expect((await stage.shown()).metadata.annotations).toHaveProperty([annotation])
    await stage.edit({ metadata: { annotations: { [annotation]: '{broken' } } })
    stage.end('a')
    await stage.tick(10)
    expect((await stage.shown()).data.config).toBe(original)
    expect((await stage.shown()).metadata.annotations ?? {}).toEqual({})
  })

  test('a ConfigMap that is replaced gets the entries again', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.cluster.delete(configMaps, place.namespace, place.name)
    await stage.tick(10)
    await stage.cluster.create(configMaps, stage.configMap({ config: '{}' }))
    await stage.tick(10)
    expect(await stage.list()).toEqual(['10.0.0.4/32'])
  })
})

describe('what cannot be kept is told, and nothing is written', () => {
  const refused = { data: { config: 'NonMasqueradeSrcCIDRs: 1' } }

  test.each<[string, string | null, RegExp]>([
    ['no ConfigMap', null, /^There is no ConfigMap kube-system\/ip-masq-agent-config, so nothing is done/],
    [
      'a text that cannot be read',
      'a: [',
      /^ConfigMap .* is left alone, because what is under config is not YAML/,
    ],
    ['an empty text', '', /has no text under config, so nothing is done for egress; put/],
  ])('%s', async (_, text, says) => {
    const stage = await setStage(text)
    const { egress } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(3_600)
    expect(stage.writes).toEqual([])
    expect(egress.health()).toEqual({ addresses: 1, problem: expect.stringMatching(says) })
    if (text !== null) expect(await stage.told()).toMatchObject([{ reason: 'EgressNotKept' }])
    if (text === null) await stage.cluster.create(configMaps, stage.configMap({ config: original }))
    else await stage.edit(reset)
    await stage.tick(10)
    expect(egress.health()!.problem).toBe('')
    expect(await stage.list()).toContain('10.0.0.4/32')
  })

  test('a text that becomes unreadable, and what others have in it then', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    await stage.edit(refused)
    stage.end('a')
    await stage.tick(60)
    expect((await stage.shown()).data.config).toBe(refused.data.config)
  })

  test('an immutable one', async () => {
    const stage = await setStage(null)
    await stage.cluster.create(configMaps, stage.configMap({ config: original }, { immutable: true }))
    const { egress } = stage.publish(target, {
      ...stage.cluster,
      mergePatch: async () => {
        throw new KubeError(422, 'Invalid', 'data: Forbidden: field is immutable when `immutable` is set')
      },
    })
    stage.bind('a', '10.0.0.4')
    await stage.tick(60)
    expect(egress.health()!.problem).toMatch(
      /does not take the change .* see whether it is immutable, or too large/,
    )
  })
})

describe('turned off', () => {
  test('it takes out what an earlier start has put there, annotation included', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    stage.publish(null)
    await stage.tick(10)
    const { data, metadata } = await stage.shown()
    expect(data.config).toBe(original)
    expect(metadata.annotations ?? {}).toEqual({})
  })

  test('also what an older publisher puts back meanwhile', async () => {
    const stage = await setStage()
    const older = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stage.publish(null)
    await stage.tick(30)
    expect(await stage.list()).toContain('10.0.0.4/32')
    older.stop()
    await stage.tick(600)
    expect((await stage.shown()).data.config).toBe(original)
  })

  test('it asks nothing of a cluster where it was never on, nor any more once all is out', async () => {
    const stage = await setStage()
    stage.publish(null)
    await stage.tick(3_600)
    expect(stage.asked).toEqual([])
    const { stop } = stage.publish()
    await stage.tick(10)
    stop()
    const off = stage.publish(null)
    await stage.tick(3_600)
    off.stop()
    stage.asked.length = 0
    stage.publish(null)
    await stage.tick(3_600)
    expect(stage.asked).toEqual([])
  })

  test('where the API server refuses, it goes on asking', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    let allowed = false
    stage.publish(null, {
      ...stage.cluster,
      list: async (...args) => {
        if (!allowed) throw new KubeError(403, 'Forbidden', 'no')
        return stage.cluster.list(...args)
      },
    })
    await stage.tick(3_600)
    expect(await stage.list()).toContain('10.0.0.4/32')
    allowed = true
    await stage.tick(600)
    expect((await stage.shown()).data.config).toBe(original)
  })

  test('kept somewhere else, it takes out what stands where it was kept before', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    await stage.cluster.create(configMaps, {
      metadata: { name: 'other', namespace: place.namespace },
      data: { agent: '{}' },
    })
    stage.publish({ ...target, name: 'other', key: 'agent' })
    await stage.tick(10)
    expect((await stage.shown()).data.config).toBe(original)
    const other = await stage.cluster.get(configMaps, place.namespace, 'other')
    expect(other!.data.agent).toBe('{"NonMasqueradeSrcCIDRs":["10.0.0.4/32"]}')
  })
})
