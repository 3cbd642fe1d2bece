import { customResourceDefinitions, eipClaimCrd, eipClaims, KubeError } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { kept, type Scene, soon } from './scene.ts'

/** Several publishers, and a cluster that refuses or loses what they wrote. */
export function publishersScenarios(scene: Scene): void {
  test('writes nothing when another publisher has written everything', async () => {
    const first = scene.stage.publish()
    await scene.boundPod(kept)
    await scene.published()
    await first.stop()
    scene.stage.written.length = 0
    const second = scene.stage.publish().publisher
    await expect.poll(() => second.health(), soon).toMatchObject({ ready: true, pending: 0 })
    // One more claim after it: whatever the first comparison wanted to write is written before.
    const other = `${scene.name}-other`
    await scene.stage.podSeen(other, 'nobody')
    await expect.poll(() => scene.stage.object(other), soon).not.toBeNull()
    await scene.published()
    const ofOther = ['apply eipclaims', 'apply eipclaims']
    expect(scene.stage.written).toEqual(ofOther)
  })

  test('two at once settle on the same', async () => {
    scene.stage.publish()
    scene.stage.publish()
    await scene.boundPod(kept)
    await scene.published()
    await expect.poll(scene.phase, soon).toBe('Bound')
    expect(new Set(await scene.stage.eventsOf(scene.name)).size).toBe(
      (await scene.stage.eventsOf(scene.name)).length,
    )
  })

  test('one claim that the cluster refuses holds up its own checkpoint, and no other claim', async () => {
    let refusing = true
    scene.meets({
      async apply(...args) {
        const [, object] = args
        if (refusing && object.metadata.name === scene.name) throw new KubeError(500, 'InternalError', 'no')
        return scene.cluster.apply(...args)
      },
    })
    const { publisher } = scene.stage.publish()
    await scene.stage.podSeen(scene.name, 'nobody')
    await scene.stage.podSeen(`${scene.name}-other`, 'nobody')
    await expect
      .poll(() => scene.stage.object(`${scene.name}-other`), soon)
      .toMatchObject({ status: { phase: 'Allocating' } })
    expect(publisher.health()).toMatchObject({ position: 0, failing: 1 })
    refusing = false
    await expect.poll(scene.phase, soon).toBe('Allocating')
    await scene.published()
  })

  test('says which right it lacks, once, and goes on when it has it', async () => {
    let refusing = true
    scene.meets({
      async apply(...args) {
        const [resource, , options] = args
        if (refusing && resource === eipClaims && options.subresource === 'status') {
          throw new KubeError(
            403,
            'Forbidden',
            `eipclaims.${eipClaims.group} "web" is forbidden: User "system:serviceaccount:a:b" cannot patch resource "eipclaims/status" in API group "${eipClaims.group}" in the namespace "default"`,
          )
        }
        return scene.cluster.apply(...args)
      },
    })
    const { publisher } = scene.stage.publish()
    await scene.stage.podSeen(scene.name, 'nobody')
    await expect
      .poll(() => publisher.health(), soon)
      .toMatchObject({
        ready: false,
        problem: expect.stringMatching(/let the publisher patch eipclaims\.\S+\/status: grant it in/),
      })
    refusing = false
    await expect.poll(scene.phase, soon).toBe('Allocating')
    await expect.poll(() => publisher.health(), soon).toMatchObject({ ready: true, problem: '' })
  })

  test('puts a definition right that somebody changed, and publishes what it did not take', async () => {
    scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    const { name } = eipClaimCrd.metadata
    const { spec } = (await scene.cluster.get(customResourceDefinitions, null, name))!
    const [{ subresources: _, additionalPrinterColumns: __, ...version }] = spec.versions
    await scene.cluster.mergePatch(customResourceDefinitions, null, name, { spec: { versions: [version] } })
    await scene.stage.podSeen(scene.name, scene.podUid, { privateIp: '10.0.0.9' })
    await expect.poll(scene.phase, { timeout: 60_000, interval: 200 }).toBe('Unbinding')
    const mended = (await scene.cluster.get(customResourceDefinitions, null, name))!
    expect(mended.spec.versions[0]).toMatchObject({
      subresources: { status: {} },
      additionalPrinterColumns: expect.arrayContaining([expect.objectContaining({ name: 'Phase' })]),
    })
  })

  test('an object that was removed with its finalizer while nobody published comes back, and that is told', async () => {
    const { publisher, stop } = scene.stage.publish()
    await scene.boundPod(kept)
    await scene.published()
    expect(publisher.health().pending).toBe(0)
    await stop()
    const before = await scene.uid()
    await scene.cluster.mergePatch(eipClaims, 'default', scene.name, { metadata: { finalizers: null } })
    await scene.cluster.delete(eipClaims, 'default', scene.name)
    scene.stage.publish()
    await expect.poll(scene.phase, soon).toBe('Bound')
    expect(await scene.uid()).not.toBe(before)
    await expect.poll(() => scene.stage.eventsOf(scene.name), soon).toContain('EIPClaim ChangeUndone')
  })

  test('makes definition and objects anew when somebody deleted the definition, without an answer of the log', async () => {
    scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    const before = await scene.uid()
    await scene.cluster.delete(customResourceDefinitions, null, eipClaimCrd.metadata.name)
    const anew = async () => {
      const now = await scene.uid().catch(() => undefined)
      return now !== undefined && now !== before
    }
    await expect.poll(anew, { timeout: 60_000, interval: 200 }).toBe(true)
    await expect.poll(scene.phase, soon).toBe('Bound')
    expect(scene.stage.claimOf(scene.name)).toMatchObject({ phase: 'Bound', deletion: null })
  })
}
