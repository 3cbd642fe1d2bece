import { crdDifference, customResourceDefinitions, eipClaimCrd, events, type KubeObject } from '@pod-eip/kube'
import { describe, expect, test } from 'vitest'
import { fight } from './fight.ts'
import { type Scene, soon } from './scene.ts'

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
}
