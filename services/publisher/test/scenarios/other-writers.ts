import { configMaps, eipClaims, pods } from '@pod-eip/kube'
import { describe, expect, test } from 'vitest'
import { fight, told } from './fight.ts'
import { eipId, kept, publicIp, reclaimFinalizer, type Scene, soon } from './scene.ts'

/** Others who write to the same objects: GitOps tools, ipamd, people. */
export function otherWritersScenarios(scene: Scene): void {
  const gitops = { fieldManager: 'gitops', force: true }
  const identity = () => ({ name: scene.name, namespace: 'default' })
  const theirs = {
    labels: { team: 'a', 'app.kubernetes.io/instance': 'shop' },
    annotations: { 'argocd.argoproj.io/tracking-id': 'shop:v1/Pod:default/web' },
    finalizers: ['example.com/hold'],
  }
  const release = async () => {
    for (const resource of [eipClaims, pods]) {
      await scene.cluster.apply(resource, { metadata: identity() }, gitops)
    }
  }

  test('keep their labels, annotations and finalizers on EIPClaim and Pod, whatever becomes of the claim', async () => {
    scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    for (const resource of [eipClaims, pods]) {
      await scene.cluster.apply(resource, { metadata: { ...identity(), ...theirs } }, gitops)
    }
    await scene.stage.podSeen(scene.name, scene.podUid, { privateIp: '10.0.0.9' })
    await expect.poll(scene.annotations, soon).not.toHaveProperty([publicIp])
    await scene.stage.cloudDoes(scene.name)
    await scene.stage.cloudDoes(scene.name)
    await expect.poll(scene.annotations, soon).toHaveProperty([publicIp])
    await expect.poll(scene.phase, soon).toBe('Bound')
    await scene.published()
    const [object, pod] = [await scene.stage.object(scene.name), await scene.stage.pod(scene.name)]
    expect(object?.metadata).toMatchObject({ labels: theirs.labels, annotations: theirs.annotations })
    expect([...(object?.metadata.finalizers ?? [])].sort()).toEqual(
      ['example.com/hold', reclaimFinalizer].sort(),
    )
    expect(pod?.metadata).toMatchObject({ labels: theirs.labels, finalizers: theirs.finalizers })
    expect(pod?.metadata.annotations).toMatchObject(theirs.annotations)
    expect(await told(scene, scene.name)).toEqual([])
    await release()
    expect((await scene.stage.object(scene.name))?.metadata.finalizers).toEqual([reclaimFinalizer])
    expect(await scene.annotations()).toHaveProperty([eipId])
  })

  test('own no field of ours, nor we one of theirs', async () => {
    scene.stage.publish()
    await scene.boundPod({}, { readinessGates: [{ conditionType: 'tke.cloud.tencent.com/eip-bound' }] })
    await scene.published()
    const ours = async (object: 'object' | 'pod') => {
      const fields = (await scene.stage[object](scene.name))?.metadata.managedFields as Managed[] | undefined
      return (fields ?? [])
        .filter(({ manager }) => manager === 'pod-eip-publisher')
        .map(({ operation, subresource = '', fieldsV1 }) => [operation, subresource, leaves(fieldsV1)])
    }
    expect(await ours('pod')).toEqual([
      ['Apply', '', [`metadata.annotations.${eipId}`, `metadata.annotations.${publicIp}`]],
      [
        ...['Apply', 'status'],
        ['lastTransitionTime', 'message', 'reason', 'status', 'type'].map(
          (field) => `status.conditions.{"type":"tke.cloud.tencent.com/eip-bound"}.${field}`,
        ),
      ],
    ])
    const [spec, status] = await ours('object')
    expect(spec?.slice(0, 2)).toEqual(['Apply', ''])
    expect(spec?.[2]).toEqual(
      expect.arrayContaining(['spec.source', `metadata.finalizers."${reclaimFinalizer}"`]),
    )
    expect(status?.slice(0, 2)).toEqual(['Apply', 'status'])
  })

  test('who heal a spec of their own ten times a second are not chased, and are named', async () => {
    const { publisher } = scene.stage.publish()
    await scene.boundPod()
    await scene.published()
    scene.stage.written.length = 0
    const war = await fight(scene, {
      until: async () => publisher.health().disputed > 0,
      strike: () =>
        scene.cluster.apply(
          eipClaims,
          {
            metadata: { ...identity(), labels: theirs.labels },
            spec: { source: 'auto', deletePolicy: 'Never' },
          },
          gitops,
        ),
    })
    // One of the spec, and one of the status that says which spec it is about.
    const writes = scene.stage.written.filter((write) => write === 'apply eipclaims')
    expect(writes.length).toBeLessThanOrEqual(2 * war.mostCorrections)
    expect(writes.length).toBeLessThan(war.strikes)
    await expect
      .poll(() => told(scene, scene.name), soon)
      .toEqual(['EIPClaim ChangeUndone', 'EIPClaim FieldsDisputed'])
    // What the log brings meanwhile is published at once.
    await scene.stage.podSeen(scene.name, scene.podUid, { privateIp: '10.0.0.9' })
    await expect.poll(scene.phase, soon).toBe('Unbinding')
  })

  test('who write the annotations of a Pod again and again are not chased, and are named', async () => {
    const { publisher } = scene.stage.publish()
    await scene.boundPod()
    await expect.poll(scene.annotations, soon).toHaveProperty([publicIp])
    scene.stage.written.length = 0
    const war = await fight(scene, {
      until: async () => publisher.health().disputed > 0,
      strike: () =>
        scene.cluster.apply(
          pods,
          { metadata: { ...identity(), annotations: { [publicIp]: '198.51.100.9' } } },
          { fieldManager: 'tke-eni-ipamd', force: true },
        ),
    })
    const writes = scene.stage.written.filter((write) => write.endsWith('pods'))
    expect(writes.length).toBeLessThanOrEqual(war.mostCorrections)
    await expect.poll(() => told(scene, scene.name), soon).toEqual(['Pod ChangeUndone', 'Pod FieldsDisputed'])
  })

  describe('of which one is another publisher', () => {
    test('that wants something else: both write ever more rarely', async () => {
      const ownerName = `owner-of-${scene.name}`
      const made = await scene.cluster.create(configMaps, {
        metadata: { name: ownerName, namespace: 'default' },
      })
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: ownerName, uid: made.metadata.uid! }
      const [naming, other] = [scene.stage.publish({ cascade: true }), scene.stage.publish()]
      await scene.boundPod({ ...kept, controller: owner, owner })
      const war = await fight(scene, {
        until: async () => naming.publisher.health().disputed + other.publisher.health().disputed > 0,
        strike: async () => {},
      })
      const specs = scene.stage.written.filter((write) => write === 'apply eipclaims')
      // Besides what the life of the claim takes: its object and three states of it, by each of them.
      expect(specs.length).toBeLessThanOrEqual(4 * war.mostCorrections + 16)
    })
  })
}

interface Managed {
  manager: string
  operation: string
  subresource?: string
  fieldsV1: object
}

/** The paths of a set of fields, without their marks. */
function leaves(fields: object, path = ''): string[] {
  return Object.entries(fields)
    .flatMap(([step, inside]: [string, object]) => {
      if (step === '.') return []
      const here = `${path}${path && '.'}${step.replace(/^[fkv]:/, '')}`
      return Object.keys(inside).some((one) => one !== '.') ? leaves(inside, here) : [here]
    })
    .sort()
}
