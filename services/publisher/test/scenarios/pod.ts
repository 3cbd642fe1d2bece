import { pods } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { replacedAtWrite } from './replaced-at-write.ts'
import { eipId, kept, publicIp, type Scene, soon } from './scene.ts'

const gate = 'tke.cloud.tencent.com/eip-bound'

/** What is written on the Pod: the EIP's annotations, its readiness gate. */
export function podScenarios(scene: Scene): void {
  test('never tells a new Pod the EIP of the last Pod of its name', async () => {
    await scene.boundPod(kept)
    await scene.cluster.delete(pods, 'default', scene.name)
    const second = await scene.stage.makePod(scene.name)
    scene.stage.publish()
    await scene.published()
    expect(await scene.phase()).toBe('Bound')
    expect(await scene.annotations()).toEqual({})
    await scene.stage.podSeen(scene.name, second, { ...kept, privateIp: '10.0.0.6' })
    await scene.stage.cloudDoes(scene.name)
    await scene.stage.cloudDoes(scene.name)
    await scene.published()
    expect(await scene.annotations()).toHaveProperty([publicIp], '203.0.113.1')
  })

  test('not even when the new Pod comes between the look at the Pod and the write', async () => {
    const replaced = replacedAtWrite(scene)
    scene.stage.publish()
    await scene.boundPod(kept)
    await scene.published()
    expect(replaced()).toBe(true)
    expect(await scene.annotations()).toEqual({})
  })

  test('takes the annotations back when the EIP is unbound from a Pod that lives', async () => {
    scene.stage.publish()
    await scene.boundPod()
    await expect.poll(scene.annotations, soon).toHaveProperty([publicIp])
    await scene.stage.podSeen(scene.name, scene.podUid, { privateIp: '10.0.0.9' })
    await expect.poll(scene.annotations, soon).toEqual({})
    await scene.stage.cloudDoes(scene.name)
    await scene.stage.cloudDoes(scene.name)
    await expect.poll(scene.annotations, soon).toHaveProperty([publicIp])
  })

  test('puts right what somebody else writes on a Pod, and takes it away where there is no EIP', async () => {
    scene.stage.publish()
    await scene.boundPod()
    await expect.poll(scene.annotations, soon).toHaveProperty([publicIp], '203.0.113.1')
    const annotate = (annotations: Record<string, string | null>) =>
      scene.cluster.mergePatch(pods, 'default', scene.name, { metadata: { annotations } })
    await annotate({ [publicIp]: '198.51.100.9', [eipId]: null })
    await expect.poll(scene.annotations, soon).toMatchObject({
      ...{ [publicIp]: '203.0.113.1', [eipId]: expect.stringMatching(/^eip-/) },
    })
    await scene.stage.podSeen(scene.name, scene.podUid, { privateIp: '10.0.0.9' })
    await expect.poll(scene.annotations, soon).toEqual({})
    await annotate({ [publicIp]: '198.51.100.9' })
    await expect.poll(scene.annotations, soon).toEqual({})
  })

  test('tells a Pod once that it waits for the EIP of the one before it to go', async () => {
    await scene.boundPod()
    await scene.stage.podEnded(scene.name, scene.podUid)
    await scene.cluster.delete(pods, 'default', scene.name)
    const second = await scene.stage.makePod(scene.name)
    await scene.stage.podSeen(scene.name, second)
    const { stop } = scene.stage.publish()
    const waits = async () =>
      (await scene.stage.eventsOf(scene.name)).filter((event) => event === 'Pod PredecessorLeaving')
    await expect.poll(waits, soon).toHaveLength(1)
    await stop()
    scene.stage.publish()
    await scene.stage.cloudDoes(scene.name)
    await scene.published()
    expect(await scene.phase()).toBe('Releasing')
    expect(await waits()).toHaveLength(1)
  })

  test('opens the readiness gate of a Pod that has one, and leaves the rest of its status', async () => {
    scene.stage.publish()
    await scene.boundPod({}, { readinessGates: [{ conditionType: gate }] })
    const others = { conditions: [{ type: 'Ready', status: 'False' }] }
    const pod = { metadata: { name: scene.name, namespace: 'default' }, status: others }
    await scene.cluster.apply(pods, pod, { fieldManager: 'kubelet', subresource: 'status', force: true })
    const conditions = async () =>
      Object.fromEntries(
        ((await scene.stage.pod(scene.name))?.status.conditions ?? []).map(
          (c: { type: string; status: string }) => [...[c.type, c.status]],
        ),
      )
    await expect.poll(conditions, soon).toMatchObject({ Ready: 'False', [gate]: 'True' })
    await scene.stage.podSeen(scene.name, scene.podUid, { privateIp: '10.0.0.9' })
    await expect.poll(conditions, soon).toMatchObject({ Ready: 'False', [gate]: 'False' })
  })

  const gated = { readinessGates: [{ conditionType: gate }] }
  const gateOf = async () =>
    ((await scene.stage.pod(scene.name))?.status.conditions ?? []).find(
      ({ type }: { type: string }) => type === gate,
    )
  const setGate = (status: string) =>
    scene.cluster.mergePatch(
      ...([pods, 'default', scene.name] as const),
      {
        status: {
          conditions: [{ type: gate, status, reason: 'ByHand', message: 'x', lastTransitionTime: null }],
        },
      },
      { fieldManager: 'by-hand', subresource: 'status' },
    )

  test('says why the gate is shut from the start, and shuts it again when somebody opens it', async () => {
    scene.stage.publish()
    scene.podUid = await scene.stage.makePod(scene.name, gated)
    await scene.stage.nodeSeen(`node-of-${scene.name}`, 'u')
    await scene.stage.podSeen(scene.name, scene.podUid)
    await expect.poll(gateOf, soon).toMatchObject({ status: 'False', reason: 'Allocating' })
    await setGate('True')
    await expect.poll(gateOf, soon).toMatchObject({ status: 'False', reason: 'Allocating' })
    await expect.poll(() => scene.stage.eventsOf(scene.name), soon).toContain('Pod ChangeUndone')
    await scene.stage.cloudDoes(scene.name)
    await scene.stage.cloudDoes(scene.name)
    await expect.poll(gateOf, soon).toMatchObject({ status: 'True', reason: 'Bound' })
    await setGate('False')
    await expect.poll(gateOf, soon).toMatchObject({ status: 'True', reason: 'Bound' })
  })

  test('leaves an open gate as it is when the publisher starts again', async () => {
    const first = scene.stage.publish()
    await scene.boundPod({}, gated)
    await expect.poll(gateOf, soon).toMatchObject({ status: 'True' })
    await first.stop()
    const before = await scene.stage.pod(scene.name)
    scene.stage.written.length = 0
    const { publisher } = scene.stage.publish()
    await expect.poll(() => publisher.health(), soon).toMatchObject({ ready: true, pending: 0 })
    await scene.stage.podSeen(`${scene.name}-other`, 'nobody')
    await scene.published()
    expect(scene.stage.written.filter((write) => write.endsWith('pods'))).toEqual([])
    expect((await scene.stage.pod(scene.name))?.metadata.resourceVersion).toBe(
      before?.metadata.resourceVersion,
    )
  })
}
