import { nodes } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { fight, told } from './fight.ts'
import { type Scene, soon } from './scene.ts'

const resource = 'tke.cloud.tencent.com/eip'

export function nodeScenarios(scene: Scene): void {
  const capacityOf = async (node: string) =>
    (await scene.cluster.get(nodes, null, node))?.status?.capacity?.[resource]
  const kubeletSays = (node: string, capacity: string | null) =>
    scene.cluster.mergePatch(
      ...([nodes, null, node] as const),
      { status: { capacity: { [resource]: capacity } } },
      { fieldManager: 'kubelet', subresource: 'status' },
    )

  test.each([
    ['drops them', null],
    ['sets them to 0, as it does when it registers its Node again', '0'],
  ])("shows a Node's slots, and again when the kubelet %s", async (_, capacity) => {
    const node = `node-${scene.name}`
    const made = await scene.cluster.create(nodes, { metadata: { name: node } })
    scene.stage.publish()
    await scene.stage.nodeSeen(node, made.metadata.uid!)
    await expect.poll(() => capacityOf(node), soon).toBe('1')
    await kubeletSays(node, capacity)
    await expect.poll(() => capacityOf(node), soon).toBe('1')
  })

  test('shows them on the Node that takes the place of another one of its name', async () => {
    const node = `node-${scene.name}`
    const first = await scene.cluster.create(nodes, { metadata: { name: node } })
    scene.stage.publish()
    await scene.stage.nodeSeen(node, first.metadata.uid!)
    await expect.poll(() => capacityOf(node), soon).toBe('1')
    await scene.cluster.delete(nodes, null, node)
    const second = await scene.cluster.create(nodes, { metadata: { name: node } })
    expect(await capacityOf(node)).toBeUndefined()
    await scene.stage.nodeSeen(node, second.metadata.uid!)
    await expect.poll(() => capacityOf(node), soon).toBe('1')
  })

  test('leaves the capacity that others show, and does not chase an ipamd that writes the same resource', async () => {
    const node = `node-${scene.name}`
    const theirs = { cpu: '4', 'tke.cloud.tencent.com/eni-ip': '10' }
    const made = await scene.cluster.create(nodes, { metadata: { name: node }, status: { capacity: theirs } })
    const { publisher } = scene.stage.publish()
    await scene.stage.nodeSeen(node, made.metadata.uid!)
    await expect.poll(() => capacityOf(node), soon).toBe('1')
    scene.stage.written.length = 0
    const war = await fight(scene, {
      until: async () => publisher.health().disputed > 0,
      strike: () =>
        scene.cluster.apply(
          nodes,
          { metadata: { name: node }, status: { capacity: { [resource]: '7' } } },
          { fieldManager: 'tke-eni-ipamd', force: true, subresource: 'status' },
        ),
    })
    const patches = scene.stage.written.filter((write) => write === 'apply nodes')
    expect(patches.length).toBeLessThanOrEqual(war.mostCorrections)
    await expect.poll(() => told(scene, node), soon).toEqual(['Node ChangeUndone', 'Node FieldsDisputed'])
    const shown = (await scene.cluster.get(nodes, null, node))?.status.capacity
    expect(shown).toMatchObject({ cpu: '4', 'tke.cloud.tencent.com/eni-ip': '10' })
  })
}
