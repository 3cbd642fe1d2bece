import { installationMarks } from '@pod-eip/domain'
import { eipClaims, nodes } from '@pod-eip/kube'
import { systemClock } from '@pod-eip/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { told } from './fight.ts'
import { eipId, kept, reclaimFinalizer, type Scene, soon } from './scene.ts'
import { type Stage, setStage } from './stage.ts'

const domain = 'eip.example.com'
const theirs = installationMarks(domain)

/** A second publisher in the cluster, with a log and an annotation domain of its own. */
export function twoInstallationsScenarios(scene: Scene): void {
  describe('beside an installation with another annotation domain', () => {
    let other: Stage
    beforeEach(() => {
      other = setStage(scene.cluster, systemClock, 'default', domain)
    })
    afterEach(() => other.stop())

    const finalizers = async () => (await scene.stage.object(scene.name))?.metadata.finalizers
    const boundOf = async (stage: Stage, facts: Parameters<Stage['podSeen']>[2] = kept) => {
      await stage.nodeSeen(`node-of-${scene.name}`, 'u')
      await stage.podSeen(scene.name, scene.podUid, facts)
      await stage.cloudDoes(scene.name)
      await stage.cloudDoes(scene.name)
    }
    const bothPublished = async () => {
      await scene.published()
      await expect
        .poll(async () => (await other.log.checkpoints.load('publisher')).position, soon)
        .toBe(await other.log.head())
    }

    /** The Pod asks under both domains, first under that of the scene's own installation. */
    const bothBound = async () => {
      scene.stage.publish()
      await scene.boundPod(kept)
      await scene.published()
      other.publish()
      await boundOf(other)
      await bothPublished()
    }

    test("shows its slots on a Node beside the other one's", async () => {
      const node = `node-${scene.name}`
      const made = await scene.cluster.create(nodes, { metadata: { name: node } })
      scene.stage.publish()
      other.publish()
      for (const stage of [scene.stage, other]) await stage.nodeSeen(node, made.metadata.uid!)
      const capacity = async () => (await scene.cluster.get(nodes, null, node))?.status?.capacity
      await expect
        .poll(capacity, soon)
        .toMatchObject({ 'tke.cloud.tencent.com/eip': '1', [`${domain}/eip`]: '1' })
      await bothPublished()
      expect(
        [...scene.stage.written, ...other.written].filter((write) => write === 'apply nodes'),
      ).toHaveLength(2)
      expect(await told(scene, node)).toEqual([])
    })

    test('of a Pod that asks under both domains the first has the EIPClaim, and the second says so and writes none', async () => {
      await bothBound()
      const shownByOther = async () =>
        (await other.eventsOf(scene.name)).filter((event) => event === 'Pod ShownByOther')
      await expect.poll(shownByOther, soon).toHaveLength(1)
      // Each tells the Pod under its own annotations.
      const address = (stage: Stage) => stage.claimOf(scene.name).address!.id
      await expect
        .poll(scene.annotations, soon)
        .toMatchObject({ [eipId]: address(scene.stage), [`${domain}/eip-id`]: address(other) })
      const before = await scene.stage.object(scene.name)
      expect(before?.metadata.finalizers).toEqual([reclaimFinalizer])
      expect(other.written.filter((write) => write.endsWith('eipclaims'))).toEqual([])

      // What befalls the second one's claim changes nothing of the first one's object.
      await other.podEnded(scene.name, scene.podUid)
      await other.cloudDoes(scene.name)
      await bothPublished()
      expect(await scene.stage.object(scene.name)).toEqual(before)
      expect(await told(scene, scene.name)).toEqual([])
    })

    test("does not answer the deletion of the other one's EIPClaim, and has its own once that has gone", async () => {
      await bothBound()
      await scene.stage.podEnded(scene.name, scene.podUid)
      await scene.stage.cloudDoes(scene.name)
      await expect.poll(scene.phase, soon).toBe('Retained')
      const deleted = await scene.cluster.delete(eipClaims, 'default', scene.name)
      await bothPublished()
      expect(await finalizers()).toEqual([reclaimFinalizer])
      await scene.stage.objectDeleted(scene.name, deleted!.metadata.uid!)
      await scene.stage.cloudDoes(scene.name)
      await expect.poll(finalizers, soon).toEqual([theirs.reclaimFinalizer])
      await expect.poll(scene.phase, soon).toBe('Bound')
      expect(await scene.stage.eventsOf(scene.name)).not.toContain('EIPClaim NotMadeByPodEip')
    })

    test('makes no EIPClaim over one that the other makes at the same time', async () => {
      let made = false
      const { apply } = scene.cluster
      scene.meets({
        async apply(...args) {
          const [resource, object] = args
          if (!made && resource === eipClaims) {
            made = true
            const { metadata, spec } = object
            const its = {
              finalizers: [theirs.reclaimFinalizer],
              labels: { [theirs.managedBy.label]: theirs.managedBy.value },
            }
            const theirObject = { metadata: { ...metadata, ...its }, spec }
            await apply.call(scene.cluster, eipClaims, theirObject, { fieldManager: theirs.fieldManager })
          }
          return apply.call(scene.cluster, ...args)
        },
      })
      scene.stage.publish()
      await scene.boundPod(kept)
      await scene.published()
      expect(await finalizers()).toEqual([theirs.reclaimFinalizer])
      const object = await scene.stage.object(scene.name)
      expect(object?.metadata.labels).toEqual({ [theirs.managedBy.label]: theirs.managedBy.value })
      expect(object?.status).toBeUndefined()
      expect(await scene.stage.eventsOf(scene.name)).toContain('Pod ShownByOther')
    })

    test("leaves an EIPClaim alone that is the other one's, or ipamd's, when its own claim is over or unknown", async () => {
      const metadata = {
        ...{ name: scene.name, namespace: 'default', finalizers: [theirs.reclaimFinalizer] },
        labels: { [theirs.managedBy.label]: theirs.managedBy.value },
      }
      const ipamds = { name: `${scene.name}-ipamd`, namespace: 'default', finalizers: ['example.com/ipamd'] }
      for (const each of [metadata, ipamds]) {
        await scene.cluster.create(eipClaims, { metadata: each, spec: { source: 'auto' } })
      }
      scene.stage.publish()
      await scene.boundPod({ request: { attributes: '{}' } })
      await scene.stage.podEnded(scene.name, scene.podUid)
      await scene.stage.cloudDoes(scene.name)
      await scene.stage.cloudDoes(scene.name)
      expect(scene.stage.claimOf(scene.name).phase).toBe('Released')
      await scene.published()
      expect(scene.stage.written.filter((write) => write.endsWith('eipclaims'))).toEqual([])
      expect(await finalizers()).toEqual([theirs.reclaimFinalizer])
    })
  })
}
