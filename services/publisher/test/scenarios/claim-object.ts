import { eipClaims } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { eipId, kept, publicIp, reclaimFinalizer, type Scene, soon } from './scene.ts'

/** The EIPClaim object: what it shows, how it comes back, when it goes. */
export function claimObjectScenarios(scene: Scene): void {
  test('shows a bound claim: object, conditions, annotations and Events', async () => {
    scene.stage.publish()
    await scene.boundPod(kept)
    await scene.published()
    const object = (await scene.stage.object(scene.name))!
    expect(object.metadata.finalizers).toEqual([reclaimFinalizer])
    expect(object.spec).toMatchObject({ source: 'auto', deletePolicy: 'Never', podUID: scene.podUid })
    const { eipId: id, conditions, ...status } = object.status
    expect(status).toMatchObject({ phase: 'Bound', publicIp: '203.0.113.1', podUID: scene.podUid })
    expect(status.observedGeneration).toBe(object.metadata.generation)
    expect(conditions.map((c: { status: string }) => c.status)).toEqual(['True', 'True', 'True', 'True'])
    expect(await scene.annotations()).toEqual({ [eipId]: id, [publicIp]: '203.0.113.1' })
    const told = await scene.stage.eventsOf(scene.name)
    const about = (kind: string) => told.filter((event) => event.startsWith(kind))
    expect(about('Pod')).toEqual(['Pod AllocatedEip', 'Pod AssociatedEip'])
    expect(about('EIPClaim')).toEqual(['EIPClaim AllocatedEip', 'EIPClaim AssociatedEip'])
  })

  test('brings a deleted object back while its Pod lives, once the log has answered', async () => {
    scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    const before = (await scene.uid())!
    await scene.cluster.delete(eipClaims, 'default', scene.name)
    expect((await scene.stage.object(scene.name))?.metadata.deletionTimestamp).toBeDefined()
    await scene.stage.objectDeleted(scene.name, before)
    await expect.poll(scene.uid, soon).not.toBe(before)
    await expect.poll(scene.phase, soon).toBe('Bound')
    await scene.published()
    expect(await scene.stage.eventsOf(scene.name)).toContain('Pod ReclaimDeclined')
  })

  test('lets the object go when its claim is closed, and says so before', async () => {
    scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    await scene.stage.podEnded(scene.name, scene.podUid)
    await scene.stage.cloudDoes(scene.name)
    await expect.poll(scene.phase, soon).toBe('Releasing')
    await scene.stage.cloudDoes(scene.name)
    await expect.poll(() => scene.stage.object(scene.name), soon).toBeNull()
    await scene.published()
    expect(await scene.stage.eventsOf(scene.name)).toContain('EIPClaim ReleasedEip')
  })

  test('lets the object of a retained claim go when somebody deleted it', async () => {
    scene.stage.publish()
    await scene.boundPod(kept)
    await scene.stage.podEnded(scene.name, scene.podUid)
    await scene.stage.cloudDoes(scene.name)
    await expect.poll(scene.phase, soon).toBe('Retained')
    const object = await scene.cluster.delete(eipClaims, 'default', scene.name)
    await scene.stage.objectDeleted(scene.name, object!.metadata.uid!)
    await expect.poll(scene.phase, soon).toBe('Releasing')
    await scene.stage.cloudDoes(scene.name)
    await expect.poll(() => scene.stage.object(scene.name), soon).toBeNull()
  })

  test('gives a finalizer back that was taken off by hand', async () => {
    scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    await scene.cluster.mergePatch(eipClaims, 'default', scene.name, { metadata: { finalizers: [] } })
    const finalizers = async () => (await scene.stage.object(scene.name))?.metadata.finalizers
    await expect.poll(finalizers, soon).toEqual([reclaimFinalizer])
  })

  test('makes an object anew that was removed by force', async () => {
    scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    const before = await scene.uid()
    await scene.cluster.delete(eipClaims, 'default', scene.name)
    await scene.cluster.mergePatch(eipClaims, 'default', scene.name, { metadata: { finalizers: null } })
    await expect.poll(scene.uid, soon).not.toBe(before)
    await expect.poll(scene.phase, soon).toBe('Bound')
  })

  test("takes back what another hand wrote, and leaves what is not the log's", async () => {
    scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    const theirs = { metadata: { labels: { team: 'a' } }, spec: { deletePolicy: 'Never' } }
    await scene.cluster.mergePatch(eipClaims, 'default', scene.name, theirs, { fieldManager: 'someone' })
    const status = { status: { phase: 'Released' } }
    await scene.cluster.mergePatch(eipClaims, 'default', scene.name, status, { subresource: 'status' })
    const spec = async () => (await scene.stage.object(scene.name))?.spec.deletePolicy
    await expect.poll(spec, soon).toBe('Release')
    await expect.poll(scene.phase, soon).toBe('Bound')
    expect((await scene.stage.object(scene.name))?.metadata.labels?.team).toBe('a')
  })

  test('warns once of an object made by hand, and leaves it alone', async () => {
    await scene.cluster.create(eipClaims, {
      metadata: { name: scene.name, namespace: 'default' },
      spec: { source: 'auto' },
    })
    const first = scene.stage.publish()
    await expect.poll(() => scene.stage.eventsOf(scene.name), soon).toEqual(['EIPClaim NotMadeByPodEip'])
    await first.stop()
    const second = scene.stage.publish().publisher
    await expect.poll(() => second.health(), soon).toMatchObject({ ready: true, pending: 0, failing: 0 })
    expect(await scene.stage.eventsOf(scene.name)).toEqual(['EIPClaim NotMadeByPodEip'])
    expect((await scene.stage.object(scene.name))?.metadata.finalizers).toBeUndefined()
    await scene.cluster.delete(eipClaims, 'default', scene.name)
  })
}
