import {
  crdDifference,
  crdOwnerLabel,
  customResourceDefinitions,
  eipClaimCrd,
  eipClaims,
  events,
  type KubeObject,
  nodes,
} from '@pod-eip/kube'
import { describe, expect, test } from 'vitest'
import { fight, told } from './fight.ts'
import { kept, publicIp, type Scene, soon } from './scene.ts'

const { name } = eipClaimCrd.metadata

/** Others who change the definition of EIPClaims. */
export function definitionScenarios(scene: Scene): void {
  const definition = async () => (await scene.cluster.get(customResourceDefinitions, null, name))!
  const isRight = async () => crdDifference(await definition()) === ''
  /** Changes the one version, by a writer of that name. */
  async function edit(by: string, change: (version: KubeObject['spec']) => void): Promise<void> {
    const { versions } = structuredClone((await definition()).spec)
    change(versions[0])
    const body = { spec: { versions } }
    await scene.cluster.mergePatch(customResourceDefinitions, null, name, body, { fieldManager: by })
  }
  /** Nothing longer than "Bound" can be told any more. */
  const shortPhases = (version: KubeObject['spec']) => {
    version.schema.openAPIV3Schema.properties.status.properties.phase.maxLength = 5
  }
  /** What Events say of a writer. */
  async function toldOf(by: string): Promise<string[]> {
    const { items } = await scene.cluster.list(events, { namespace: 'default' })
    return items
      .filter(({ involvedObject, message }) => involvedObject.name === name && message.startsWith(`${by} `))
      .map(({ involvedObject, reason }) => `${involvedObject.kind} ${reason}`)
      .sort()
  }

  describe('a definition that somebody changes', () => {
    test('is put right at once, and he is named', async () => {
      const { publisher } = scene.stage.publish()
      await expect.poll(() => publisher.health().ready, soon).toBe(true)
      const by = `limits-${scene.name}`
      await edit(by, shortPhases)
      await expect.poll(isRight, soon).toBe(true)
      await expect.poll(() => toldOf(by), soon).toEqual(['CustomResourceDefinition ChangeUndone'])
      await scene.stage.podSeen(scene.name, 'nobody')
      await expect.poll(scene.phase, soon).toBe('Allocating')
    })

    test('while nobody publishes is put right at the start, and he is named', async () => {
      const by = `absence-${scene.name}`
      await edit(by, shortPhases)
      scene.stage.publish()
      await expect.poll(isRight, soon).toBe(true)
      await expect.poll(() => toldOf(by), soon).toEqual(['CustomResourceDefinition ChangeUndone'])
    })

    test('again and again is put right ever more rarely, and he is named', async () => {
      const { publisher } = scene.stage.publish()
      await expect.poll(() => publisher.health().ready, soon).toBe(true)
      scene.stage.written.length = 0
      const by = `healer-${scene.name}`
      const war = await fight(scene, {
        until: async () => publisher.health().disputed > 0,
        strike: () => edit(by, shortPhases).catch(() => {}),
      })
      const writes = scene.stage.written.filter((write) => write === 'apply customresourcedefinitions')
      expect(writes.length).toBeLessThanOrEqual(war.mostCorrections)
      await expect
        .poll(() => toldOf(by), soon)
        .toEqual(['CustomResourceDefinition ChangeUndone', 'CustomResourceDefinition FieldsDisputed'])
      await expect.poll(isRight, soon).toBe(true)
    })
  })

  test("a definition of somebody else's, such as TKE's ipamd, keeps the publisher from writing anything", async () => {
    const owner = (value: string | null) =>
      scene.cluster.mergePatch(customResourceDefinitions, null, name, {
        metadata: { labels: { [crdOwnerLabel.name]: value } },
      })
    await owner(null)
    await scene.boundPod()
    scene.stage.written.length = 0
    const { publisher } = scene.stage.publish()
    await expect
      .poll(() => publisher.health(), soon)
      .toMatchObject({ ready: false, problem: expect.stringContaining('was not installed by pod-eip') })
    expect(scene.stage.written).toEqual([])
    await owner(crdOwnerLabel.value)
    await expect.poll(scene.phase, soon).toBe('Bound')
    await expect.poll(() => publisher.health(), soon).toMatchObject({ ready: true, problem: '' })
  })

  describe('a definition that is being removed, and that a finalizer of others holds', () => {
    const slots = 'tke.cloud.tencent.com/eip'
    const capacityOf = async (node: string) =>
      (await scene.cluster.get(nodes, null, node))?.status?.capacity?.[slots]
    const finalizersOf = async (claim: string) => (await scene.stage.object(claim))?.metadata.finalizers

    test('holds up no more than EIPClaims, also after a restart', async () => {
      const held = scene.name
      const before = scene.stage.publish()
      await scene.boundPod(kept)
      await scene.published()
      await before.stop()
      const hold = { metadata: { finalizers: [...((await finalizersOf(held)) ?? []), 'example.com/hold'] } }
      await scene.cluster.mergePatch(eipClaims, 'default', held, hold)
      await scene.cluster.delete(customResourceDefinitions, null, name)
      const going = async () => (await scene.stage.object(held))?.metadata.deletionTimestamp
      await expect.poll(going, soon).toBeDefined()

      const { publisher } = scene.stage.publish()
      scene.name = `${held}-later`
      const node = `node-of-${scene.name}`
      await scene.cluster.create(nodes, { metadata: { name: node } })
      await scene.boundPod()
      const { uid } = (await scene.cluster.get(nodes, null, node))!.metadata
      await scene.stage.nodeSeen(node, uid!)
      await expect.poll(() => capacityOf(node), soon).toBe('1')
      await expect.poll(scene.annotations, soon).toHaveProperty([publicIp])
      await expect.poll(() => scene.stage.eventsOf(scene.name), soon).toContain('Pod AssociatedEip')
      // Ours is taken off what goes with the definition.
      await expect.poll(() => finalizersOf(held), soon).toEqual(['example.com/hold'])
      await expect
        .poll(() => publisher.health(), soon)
        .toMatchObject({ ready: false, problem: expect.stringContaining('is still being removed') })
      expect(publisher.health().pending).toBeGreaterThan(0)
      const { position } = await scene.stage.log.checkpoints.load('publisher')
      expect(position).toBeLessThan(await scene.stage.log.head())

      await scene.cluster.mergePatch(eipClaims, 'default', held, { metadata: { finalizers: null } })
      const phases = async () => {
        const objects = await Promise.all([held, scene.name].map((one) => scene.stage.object(one)))
        return objects.map((object) => object?.status?.phase)
      }
      await expect
        .poll(() => phases().catch(() => []), { timeout: 60_000, interval: 200 })
        .toEqual(['Bound', 'Bound'])
      await scene.published()
      await expect.poll(() => publisher.health(), soon).toMatchObject({ ready: true, pending: 0 })
      expect(await told(scene, held)).toEqual([])
    })
  })
}
