import { nodes } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { type Scene, soon } from './scene.ts'

const resource = 'tke.cloud.tencent.com/eip'

export function nodeScenarios(scene: Scene): void {
  test("shows a Node's slots, and again when the kubelet drops them", async () => {
    const node = `node-${scene.name}`
    const made = await scene.cluster.create(nodes, { metadata: { name: node } })
    scene.stage.publish()
    await scene.stage.nodeSeen(node, made.metadata.uid!)
    const capacity = async () => (await scene.cluster.get(nodes, null, node))?.status?.capacity?.[resource]
    await expect.poll(capacity, soon).toBe('1')
    const dropped = { status: { capacity: { [resource]: null } } }
    await scene.cluster.mergePatch(nodes, null, node, dropped, { subresource: 'status' })
    await expect.poll(capacity, soon).toBe('1')
  })
}
