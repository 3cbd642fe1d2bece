import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type KubeObject, pods, type Resource } from '@pod-eip/kube'
import { expect, it } from 'vitest'
import { root } from './harness/services.ts'
import { onEveryCluster } from './harness/stage.ts'

const gate = 'tke.cloud.tencent.com/eip-bound'
const slices: Resource = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  kind: 'EndpointSlice',
  namespaced: true,
}

/** One Node with room for nine EIPs. */
onEveryCluster('the readiness gate', { cpus: [48] }, (stage) => {
  const media = async () => (await stage.pods('app=media')).filter(isAlive)
  const names = (of: KubeObject[]) => of.map(({ metadata }) => metadata.name).sort()
  const conditionOf = (pod: KubeObject | null, type: string) =>
    (pod?.status?.conditions ?? []).find((one: { type: string }) => one.type === type)
  const ready = (pod: KubeObject) => conditionOf(pod, 'Ready')?.status === 'True'
  /** The Pods that the Service sends to; a simulated cluster has no EndpointSlices, and readiness is what they follow. */
  async function served(): Promise<string[]> {
    if (stage.kind === 'simulated') return names((await media()).filter(ready))
    const labelSelector = 'kubernetes.io/service-name=media'
    const { items } = await stage.cluster.client.list(slices, { namespace: 'default', labelSelector })
    const endpoints: Endpoint[] = items.flatMap((slice) => slice.endpoints ?? [])
    return endpoints
      .filter(({ conditions }) => conditions.ready)
      .map(({ targetRef }) => targetRef.name)
      .sort()
  }
  const twoServed = async () => {
    const all = await media()
    expect(all.map((pod) => conditionOf(pod, gate)?.status)).toEqual(['True', 'True'])
    expect(await served()).toEqual(names(all))
  }

  it('keeps a Pod out of its Service until its EIP is bound', async () => {
    await stage.services.kill('worker')
    const file = join(root, 'docs/examples/deployment-readiness-gate.yaml')
    expect(await readFile(file, 'utf8')).toContain(gate)
    await stage.kubectl('apply', '-f', file)
    await stage.eventually(async () => {
      const all = await media()
      expect(all.map((pod) => conditionOf(pod, 'ContainersReady')?.status)).toEqual(['True', 'True'])
      for (const pod of all)
        expect(conditionOf(pod, gate)).toMatchObject({ status: 'False', reason: 'Allocating' })
    })
    expect(await served()).toEqual([])
    await stage.services.start('worker')
    await stage.eventually(twoServed)
  })

  it('holds a rollout until the EIPs of the new Pods are bound', async () => {
    const old = names(await media())
    await stage.services.kill('worker')
    await stage.kubectl('rollout', 'restart', 'deployment', 'media')
    await stage.eventually(async () => {
      const fresh = (await media()).filter(({ metadata }) => !old.includes(metadata.name))
      expect(fresh.map((pod) => conditionOf(pod, 'ContainersReady')?.status)).toEqual(['True'])
    })
    expect(names((await media()).filter(ready))).toEqual(old)
    expect(await served()).toEqual(old)
    await stage.services.start('worker')
    await stage.kubectl('rollout', 'status', 'deployment', 'media', '--timeout=120s')
    await stage.eventually(async () => {
      expect(names(await media()).filter((name) => old.includes(name))).toEqual([])
      await twoServed()
    })
  })

  it('takes a Pod out of its Service that loses its EIP, and back in when it has one again', async () => {
    const [pod] = await media()
    const name = pod!.metadata.name
    await stage.services.kill('worker')
    // Another private address: the EIP is unbound from the one before.
    const address = '10.99.0.1'
    const status = { podIP: address, podIPs: [{ ip: address }] }
    await stage.cluster.client.mergePatch(pods, 'default', name, { status }, { subresource: 'status' })
    await stage.eventually(async () => {
      expect(conditionOf(await stage.pod(name), gate)).toMatchObject({ status: 'False', reason: 'Unbinding' })
      expect(await served()).not.toContain(name)
      expect(await served()).toHaveLength(1)
    })
    await stage.services.start('worker')
    await stage.eventually(twoServed)
  })

  it('does not flap when the publisher starts again, and is put right when somebody sets it', async () => {
    const before = await media()
    const since = (all: KubeObject[]) => all.map((pod) => conditionOf(pod, gate)?.lastTransitionTime)
    await stage.services.kill('publisher')
    const [pod] = before
    const name = pod!.metadata.name
    const condition = { type: gate, status: 'False', reason: 'ByHand', message: 'x' }
    const kept = (pod!.status.conditions as { type: string }[]).filter(({ type }) => type !== gate)
    const status = { conditions: [...kept, condition] }
    await stage.cluster.client.mergePatch(pods, 'default', name, { status }, { subresource: 'status' })
    await stage.services.start('publisher')
    await stage.eventually(twoServed)
    expect(since(await media())).toEqual(since(before))
  })
})

interface Endpoint {
  conditions: { ready?: boolean }
  targetRef: { name: string }
}

function isAlive({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp === undefined
}
