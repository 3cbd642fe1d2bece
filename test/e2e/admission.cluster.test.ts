import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeObject } from '@pod-eip/kube'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { podManifest, workloadManifest } from './harness/manifests.ts'
import { root } from './harness/services.ts'
import { onEveryCluster } from './harness/stage.ts'

const slot = 'tke.cloud.tencent.com/eip'

// The simulated cluster evaluates no policies.
onEveryCluster('admission policies', { cpus: [6] }, (stage) => {
  const podsOf = async (app: string) => (await stage.kubectl.json('get', 'pods', '-l', `app=${app}`)).items

  it('refuse what the claim would refuse, with the same sentence, before there is a Pod', async () => {
    for (const part of ['refuse', 'add-resource']) {
      await stage.kubectl('apply', '-k', join(root, 'infra/manifests/admission', part))
    }
    // The page shows what to try, and the answer.
    const page = await readFile(join(root, 'docs/admission.md'), 'utf8')
    const [, manifest] = /<<'YAML'.*\n([\s\S]*?)^YAML$/m.exec(page)!
    const [, answer] = /It answers:\n\n```\n(.*)\n```/.exec(page)!
    const wrong = parse(manifest!) as KubeObject
    await stage.eventually(async () => {
      // One that came through before the policy was in force would be unchanged, and nobody is asked about that.
      await stage.kubectl('delete', 'deployment', wrong.metadata.name, '--ignore-not-found')
      await expect(stage.kubectl.apply(wrong)).rejects.toThrow(answer)
    })
  })

  it('give Pods the resource that they forgot, so that the scheduler counts EIP slots', async () => {
    // Policies come into force one by one.
    await stage.eventually(async () => {
      const probe = podManifest('probe', { withoutResource: true })
      await stage.kubectl('delete', 'pod', 'probe', '--ignore-not-found', '--force')
      await stage.kubectl.apply(probe)
      const { spec } = await stage.kubectl.json('get', 'pod', 'probe')
      expect(spec.containers[0].resources.requests).toEqual({ [slot]: '1' })
    })
    await stage.kubectl('delete', 'pod', 'probe')
    // The node has two slots.
    await stage.kubectl.apply(workloadManifest('Deployment', 'forgot', 3, { withoutResource: true }))
    await stage.eventually(async () => {
      const pods = await podsOf('forgot')
      const placed = pods.filter(({ spec }: { spec: { nodeName?: string } }) => spec.nodeName)
      const phases = await Promise.all(
        placed.map(async ({ metadata }: { metadata: { name: string } }) => {
          return (await stage.eipClaim(metadata.name))?.status?.phase
        }),
      )
      expect(phases).toEqual(['Bound', 'Bound'])
      const waits = pods.find(({ spec }: { spec: { nodeName?: string } }) => !spec.nodeName)
      expect(JSON.stringify(waits.status.conditions)).toContain(`Insufficient ${slot}`)
    })
    const { spec } = await stage.kubectl.json('get', 'deployment', 'forgot')
    expect(spec.template.spec.containers[0].resources).toEqual({})
  })
})
