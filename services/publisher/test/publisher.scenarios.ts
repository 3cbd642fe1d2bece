import {
  type Cluster,
  customResourceDefinitions,
  eipClaimCrd,
  eipClaims,
  ensureCrd,
  KubeError,
  nodes,
  pods,
} from '@pod-eip/kube'
import { systemClock } from '@pod-eip/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { reclaimFinalizer } from '../src/index.ts'
import { type Stage, setStage } from './stage.ts'

export interface ScenarioCluster {
  /** With a namespace `default` and nobody in it who runs Pods. */
  cluster: Cluster
  stop: () => Promise<void>
}

const eipId = 'tke.cloud.tencent.com/eip-id'
const publicIp = 'tke.cloud.tencent.com/eip-public-ip'
const gate = 'tke.cloud.tencent.com/eip-bound'
const resource = 'tke.cloud.tencent.com/eip'
const kept = { request: { attributes: '{}', deletePolicy: 'Never' } }
const soon = { timeout: 30_000, interval: 100 }

/** What the publisher has to do to a cluster, whatever is behind the port. */
export function publisherScenarios(title: string, start: () => Promise<ScenarioCluster>): void {
  describe(`publisher: ${title}`, () => {
    let subject: ScenarioCluster
    let cluster: Cluster
    let stage: Stage
    let serial = 0
    let name = ''
    let podUid = ''

    beforeAll(async () => {
      subject = await start()
      cluster = subject.cluster
      await ensureCrd(cluster)
    })
    afterAll(() => subject?.stop())
    beforeEach(() => {
      name = `web-${++serial}`
      stage = setStage(cluster, systemClock)
    })
    afterEach(() => stage.stop())

    /** A Pod in the cluster and the log whose EIP is bound; nobody publishes it yet. */
    async function boundPod(facts: Parameters<Stage['podSeen']>[2] = {}, spec: object = {}) {
      podUid = await stage.makePod(name, spec)
      await stage.nodeSeen(`node-of-${name}`, 'u')
      await stage.podSeen(name, podUid, facts)
      await stage.cloudDoes(name)
      await stage.cloudDoes(name)
    }
    const phase = async () => (await stage.object(name))?.status?.phase
    const uid = async () => (await stage.object(name))?.metadata.uid
    const annotationsOf = async () => (await stage.pod(name))?.metadata.annotations ?? {}
    /** Everything that is in the log is in the cluster. */
    async function published() {
      const head = await stage.log.head()
      const saved = async () => (await stage.log.checkpoints.load('publisher')).position
      await expect.poll(saved, soon).toBe(head)
    }

    test('shows a bound claim: object, conditions, annotations and Events', async () => {
      stage.publish()
      await boundPod(kept)
      await published()
      const object = (await stage.object(name))!
      expect(object.metadata.finalizers).toEqual([reclaimFinalizer])
      expect(object.spec).toMatchObject({ source: 'auto', deletePolicy: 'Never', podUID: podUid })
      const { eipId: id, conditions, ...status } = object.status
      expect(status).toMatchObject({ phase: 'Bound', publicIp: '203.0.113.1', podUID: podUid })
      expect(status.observedGeneration).toBe(object.metadata.generation)
      expect(conditions.map((c: { status: string }) => c.status)).toEqual(['True', 'True', 'True', 'True'])
      expect(await annotationsOf()).toEqual({ [eipId]: id, [publicIp]: '203.0.113.1' })
      const told = await stage.eventsOf(name)
      const about = (kind: string) => told.filter((event) => event.startsWith(kind))
      expect(about('Pod')).toEqual(['Pod AllocatedEip', 'Pod AssociatedEip'])
      expect(about('EIPClaim')).toEqual(['EIPClaim AllocatedEip', 'EIPClaim AssociatedEip'])
    })

    test('writes nothing when another publisher has written everything', async () => {
      const first = stage.publish()
      await boundPod(kept)
      await published()
      await first.stop()
      stage.written.length = 0
      const second = stage.publish().publisher
      await expect.poll(() => second.health(), soon).toMatchObject({ ready: true, pending: 0 })
      // One more claim after it: whatever the first comparison wanted to write is written before.
      const other = `${name}-other`
      await stage.podSeen(other, 'nobody')
      await expect.poll(() => stage.object(other), soon).not.toBeNull()
      await published()
      const ofOther = ['apply eipclaims', 'apply eipclaims']
      expect(stage.written).toEqual(ofOther)
    })

    test('two at once settle on the same', async () => {
      stage.publish()
      stage.publish()
      await boundPod(kept)
      await published()
      await expect.poll(phase, soon).toBe('Bound')
      expect(new Set(await stage.eventsOf(name)).size).toBe((await stage.eventsOf(name)).length)
    })

    describe('the owner of an object', () => {
      const configMaps = {
        group: '',
        version: 'v1',
        plural: 'configmaps',
        kind: 'ConfigMap',
        namespaced: true,
      }
      const references = async () => (await stage.object(name))?.metadata.ownerReferences ?? []
      /** Any object can own another. */
      async function makeOwner(ownerName: string) {
        const made = await cluster.create(configMaps, { metadata: { name: ownerName, namespace: 'default' } })
        return { apiVersion: 'v1', kind: 'ConfigMap', name: ownerName, uid: made.metadata.uid! }
      }

      test('is named with cascade reclaim, without a claim to control it or to block its deletion', async () => {
        const owner = await makeOwner(`owner-of-${name}`)
        stage.publish({ cascade: true })
        await boundPod({ ...kept, controller: owner, owner })
        await published()
        expect(await references()).toEqual([owner])
        const next = await makeOwner(`next-of-${name}`)
        await stage.podSeen(name, podUid, { ...kept, controller: next, owner: next })
        await published()
        expect(await references()).toEqual([next])
      })

      test('is not named without it, nor any more once that is switched off; references of others stay', async () => {
        const owner = await makeOwner(`owner-of-${name}`)
        const others = await makeOwner(`others-of-${name}`)
        const { stop } = stage.publish({ cascade: true })
        await boundPod({ ...kept, controller: owner, owner })
        await published()
        await stop()
        // Named by somebody else, too.
        const object = { metadata: { name, namespace: 'default', ownerReferences: [others] } }
        await cluster.apply(eipClaims, object, { fieldManager: 'somebody' })
        stage.publish()
        await expect.poll(references, soon).toEqual([others])
      })

      test('is not named any more once it has ended', async () => {
        const owner = await makeOwner(`owner-of-${name}`)
        stage.publish({ cascade: true })
        await boundPod({ ...kept, controller: owner, owner })
        await published()
        await stage.happen('OwnerEnded', { owner, namespace: 'default', reason: 'Deleted' })
        await expect.poll(references, soon).toEqual([])
        expect(await phase()).toBe('Bound')
      })

      /** Its Pod lives, so the object comes back. */
      async function deletedAndBack(collectedWith: string | null) {
        const before = (await uid())!
        await cluster.delete(eipClaims, 'default', name)
        await stage.objectDeleted(name, before, collectedWith)
        await expect.poll(uid, soon).not.toBe(before)
        await expect.poll(phase, soon).toBe('Bound')
      }

      test('is not named again by an object that Kubernetes deleted together with it', async () => {
        const owner = await makeOwner(`owner-of-${name}`)
        stage.publish({ cascade: true })
        await boundPod({ ...kept, controller: owner, owner })
        await published()
        await deletedAndBack(owner.uid)
        expect(await references()).toEqual([])
      })

      test('is named again by an object that somebody deleted, or that went with another owner', async () => {
        const owner = await makeOwner(`owner-of-${name}`)
        stage.publish({ cascade: true })
        await boundPod({ ...kept, controller: owner, owner })
        await published()
        await deletedAndBack(null)
        await expect.poll(references, soon).toEqual([owner])
        await deletedAndBack('uid-of-another')
        await expect.poll(references, soon).toEqual([owner])
      })
    })

    test('brings a deleted object back while its Pod lives, once the log has answered', async () => {
      stage.publish()
      await boundPod()
      await published()
      const before = (await uid())!
      await cluster.delete(eipClaims, 'default', name)
      expect((await stage.object(name))?.metadata.deletionTimestamp).toBeDefined()
      await stage.objectDeleted(name, before)
      await expect.poll(uid, soon).not.toBe(before)
      await expect.poll(phase, soon).toBe('Bound')
      await published()
      expect(await stage.eventsOf(name)).toContain('Pod ReclaimDeclined')
    })

    test('lets the object go when its claim is closed, and says so before', async () => {
      stage.publish()
      await boundPod()
      await published()
      await stage.podEnded(name, podUid)
      await stage.cloudDoes(name)
      await expect.poll(phase, soon).toBe('Releasing')
      await stage.cloudDoes(name)
      await expect.poll(() => stage.object(name), soon).toBeNull()
      await published()
      expect(await stage.eventsOf(name)).toContain('EIPClaim ReleasedEip')
    })

    test('lets the object of a retained claim go when somebody deleted it', async () => {
      stage.publish()
      await boundPod(kept)
      await stage.podEnded(name, podUid)
      await stage.cloudDoes(name)
      await expect.poll(phase, soon).toBe('Retained')
      const object = await cluster.delete(eipClaims, 'default', name)
      await stage.objectDeleted(name, object!.metadata.uid!)
      await expect.poll(phase, soon).toBe('Releasing')
      await stage.cloudDoes(name)
      await expect.poll(() => stage.object(name), soon).toBeNull()
    })

    test('gives a finalizer back that was taken off by hand', async () => {
      stage.publish()
      await boundPod()
      await published()
      await cluster.mergePatch(eipClaims, 'default', name, { metadata: { finalizers: [] } })
      const finalizers = async () => (await stage.object(name))?.metadata.finalizers
      await expect.poll(finalizers, soon).toEqual([reclaimFinalizer])
    })

    test('makes an object anew that was removed by force', async () => {
      stage.publish()
      await boundPod()
      await published()
      const before = await uid()
      await cluster.delete(eipClaims, 'default', name)
      await cluster.mergePatch(eipClaims, 'default', name, { metadata: { finalizers: null } })
      await expect.poll(uid, soon).not.toBe(before)
      await expect.poll(phase, soon).toBe('Bound')
    })

    test("takes back what another hand wrote, and leaves what is not the log's", async () => {
      stage.publish()
      await boundPod()
      await published()
      const theirs = { metadata: { labels: { team: 'a' } }, spec: { deletePolicy: 'Never' } }
      await cluster.mergePatch(eipClaims, 'default', name, theirs, { fieldManager: 'someone' })
      const status = { status: { phase: 'Released' } }
      await cluster.mergePatch(eipClaims, 'default', name, status, { subresource: 'status' })
      const spec = async () => (await stage.object(name))?.spec.deletePolicy
      await expect.poll(spec, soon).toBe('Release')
      await expect.poll(phase, soon).toBe('Bound')
      expect((await stage.object(name))?.metadata.labels?.team).toBe('a')
    })

    test('never tells a new Pod the EIP of the last Pod of its name', async () => {
      await boundPod(kept)
      await cluster.delete(pods, 'default', name)
      const second = await stage.makePod(name)
      stage.publish()
      await published()
      expect(await phase()).toBe('Bound')
      expect(await annotationsOf()).toEqual({})
      await stage.podSeen(name, second, { ...kept, privateIp: '10.0.0.6' })
      await stage.cloudDoes(name)
      await stage.cloudDoes(name)
      await published()
      expect(await annotationsOf()).toHaveProperty([publicIp], '203.0.113.1')
    })

    test('not even when the new Pod comes between reading the Pod and writing to it', async () => {
      let replaced = false
      const racing: Cluster = {
        ...bound(cluster),
        async mergePatch(...args) {
          if (args[0] === pods && !replaced) {
            replaced = true
            await cluster.delete(pods, 'default', name)
            await stage.makePod(name)
          }
          return cluster.mergePatch(...args)
        },
      }
      stage = setStage(racing, systemClock)
      stage.publish()
      await boundPod(kept)
      await published()
      expect(replaced).toBe(true)
      expect(await annotationsOf()).toEqual({})
    })

    test('one claim that the cluster refuses holds up its own checkpoint, and no other claim', async () => {
      let refusing = true
      const picky: Cluster = {
        ...bound(cluster),
        async apply(...args) {
          const [, object] = args
          if (refusing && object.metadata.name === name) throw new KubeError(500, 'InternalError', 'no')
          return cluster.apply(...args)
        },
      }
      stage = setStage(picky, systemClock)
      const { publisher } = stage.publish()
      await stage.podSeen(name, 'nobody')
      await stage.podSeen(`${name}-other`, 'nobody')
      await expect
        .poll(() => stage.object(`${name}-other`), soon)
        .toMatchObject({ status: { phase: 'Allocating' } })
      expect(publisher.health()).toMatchObject({ position: 0, failing: 1 })
      refusing = false
      await expect.poll(phase, soon).toBe('Allocating')
      await published()
    })

    test('makes definition and objects anew when somebody deleted the definition', async () => {
      stage.publish()
      await boundPod()
      await published()
      const before = await uid()
      await cluster.delete(customResourceDefinitions, null, eipClaimCrd.metadata.name)
      const deleting = async () => (await stage.object(name))?.metadata.deletionTimestamp
      await expect.poll(deleting, soon).toBeDefined()
      await stage.objectDeleted(name, before!)
      const anew = async () => {
        const now = await uid().catch(() => undefined)
        return now !== undefined && now !== before
      }
      await expect.poll(anew, { timeout: 50_000, interval: 200 }).toBe(true)
    })

    test('takes the annotations back when the EIP is unbound from a Pod that lives', async () => {
      stage.publish()
      await boundPod()
      await expect.poll(annotationsOf, soon).toHaveProperty([publicIp])
      await stage.podSeen(name, podUid, { privateIp: '10.0.0.9' })
      await expect.poll(annotationsOf, soon).toEqual({})
      await stage.cloudDoes(name)
      await stage.cloudDoes(name)
      await expect.poll(annotationsOf, soon).toHaveProperty([publicIp])
    })

    test('opens the readiness gate of a Pod that has one, and leaves the rest of its status', async () => {
      stage.publish()
      await boundPod({}, { readinessGates: [{ conditionType: gate }] })
      const others = { conditions: [{ type: 'Ready', status: 'False' }] }
      const pod = { metadata: { name, namespace: 'default' }, status: others }
      await cluster.apply(pods, pod, { fieldManager: 'kubelet', subresource: 'status', force: true })
      const conditions = async () =>
        Object.fromEntries(
          ((await stage.pod(name))?.status.conditions ?? []).map((c: { type: string; status: string }) => [
            ...[c.type, c.status],
          ]),
        )
      await expect.poll(conditions, soon).toMatchObject({ Ready: 'False', [gate]: 'True' })
      await stage.podSeen(name, podUid, { privateIp: '10.0.0.9' })
      await expect.poll(conditions, soon).toMatchObject({ Ready: 'False', [gate]: 'False' })
    })

    test("shows a Node's slots, and again when the kubelet drops them", async () => {
      const node = `node-${name}`
      const made = await cluster.create(nodes, { metadata: { name: node } })
      stage.publish()
      await stage.nodeSeen(node, made.metadata.uid!)
      const capacity = async () => (await cluster.get(nodes, null, node))?.status?.capacity?.[resource]
      await expect.poll(capacity, soon).toBe('1')
      const dropped = { status: { capacity: { [resource]: null } } }
      await cluster.mergePatch(nodes, null, node, dropped, { subresource: 'status' })
      await expect.poll(capacity, soon).toBe('1')
    })

    test('warns once of an object made by hand, and leaves it alone', async () => {
      await cluster.create(eipClaims, { metadata: { name, namespace: 'default' }, spec: { source: 'auto' } })
      const first = stage.publish()
      await expect.poll(() => stage.eventsOf(name), soon).toEqual(['EIPClaim NotMadeByPodEip'])
      await first.stop()
      const second = stage.publish().publisher
      await expect.poll(() => second.health(), soon).toMatchObject({ ready: true, pending: 0, failing: 0 })
      expect(await stage.eventsOf(name)).toEqual(['EIPClaim NotMadeByPodEip'])
      expect((await stage.object(name))?.metadata.finalizers).toBeUndefined()
    })
  })
}

/** The calls of a cluster as functions of their own, to be replaced one by one. */
function bound(cluster: Cluster): Cluster {
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
