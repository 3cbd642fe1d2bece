import { configMaps, eipClaims } from '@pod-eip/kube'
import { describe, expect, test } from 'vitest'
import { kept, type Scene, soon } from './scene.ts'

export function ownerScenarios(scene: Scene): void {
  describe('the owner of an object', () => {
    const references = async () => (await scene.stage.object(scene.name))?.metadata.ownerReferences ?? []
    /** Any object can own another. */
    async function makeOwner(ownerName: string) {
      const made = await scene.cluster.create(configMaps, {
        metadata: { name: ownerName, namespace: 'default' },
      })
      return { apiVersion: 'v1', kind: 'ConfigMap', name: ownerName, uid: made.metadata.uid! }
    }

    test('is named with cascade reclaim, without a claim to control it or to block its deletion', async () => {
      const owner = await makeOwner(`owner-of-${scene.name}`)
      scene.stage.publish({ cascade: true })
      await scene.boundPod({ ...kept, controller: owner, owner })
      await scene.published()
      expect(await references()).toEqual([owner])
      const next = await makeOwner(`next-of-${scene.name}`)
      await scene.stage.podSeen(scene.name, scene.podUid, { ...kept, controller: next, owner: next })
      await scene.published()
      expect(await references()).toEqual([next])
    })

    test('is not named without it, nor any more once that is switched off; references of others stay', async () => {
      const owner = await makeOwner(`owner-of-${scene.name}`)
      const others = await makeOwner(`others-of-${scene.name}`)
      const { stop } = scene.stage.publish({ cascade: true })
      await scene.boundPod({ ...kept, controller: owner, owner })
      await scene.published()
      await stop()
      // Named by somebody else, too.
      const object = { metadata: { name: scene.name, namespace: 'default', ownerReferences: [others] } }
      await scene.cluster.apply(eipClaims, object, { fieldManager: 'somebody' })
      scene.stage.publish()
      await expect.poll(references, soon).toEqual([others])
    })

    test('is not named any more once it has ended', async () => {
      const owner = await makeOwner(`owner-of-${scene.name}`)
      scene.stage.publish({ cascade: true })
      await scene.boundPod({ ...kept, controller: owner, owner })
      await scene.published()
      await scene.stage.happen('OwnerEnded', { owner, namespace: 'default', reason: 'Deleted' })
      await expect.poll(references, soon).toEqual([])
      expect(await scene.phase()).toBe('Bound')
    })

    /** Its Pod lives, so the object comes back. */
    async function deletedAndBack(collectedWith: string | null) {
      const before = (await scene.uid())!
      await scene.cluster.delete(eipClaims, 'default', scene.name)
      await scene.stage.objectDeleted(scene.name, before, collectedWith)
      await expect.poll(scene.uid, soon).not.toBe(before)
      await expect.poll(scene.phase, soon).toBe('Bound')
    }

    test('is not named again by an object that Kubernetes deleted together with it', async () => {
      const owner = await makeOwner(`owner-of-${scene.name}`)
      scene.stage.publish({ cascade: true })
      await scene.boundPod({ ...kept, controller: owner, owner })
      await scene.published()
      await deletedAndBack(owner.uid)
      expect(await references()).toEqual([])
    })

    test('is named again by an object that somebody deleted, or that went with another owner', async () => {
      const owner = await makeOwner(`owner-of-${scene.name}`)
      scene.stage.publish({ cascade: true })
      await scene.boundPod({ ...kept, controller: owner, owner })
      await scene.published()
      await deletedAndBack(null)
      await expect.poll(references, soon).toEqual([owner])
      await deletedAndBack('uid-of-another')
      await expect.poll(references, soon).toEqual([owner])
    })
  })
}
