import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kwokAnnotation } from '@pod-eip/devstack/real-cluster'
import {
  customResourceDefinitions,
  eipClaimCrd,
  eipClaims,
  type KubeObject,
  nodes,
  pods,
} from '@pod-eip/kube'
import { makeTkeNode } from '@pod-eip/simulators/kube'
import { describe, expect, it } from 'vitest'
import { annotation, podManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

const finalizer = 'networking.tke.cloud.tencent.com/eip-reclaim'
const slots = 'tke.cloud.tencent.com/eip'
const node = '10.0.0.4'

/** kubectl and GitOps tools beside pod-eip, and people who delete what it needs. */
onEveryCluster('other hands', { cpus: [48] }, (stage) => {
  const held = () => stage.cloud.region.addresses().map(({ addressId }) => addressId)
  const released = () => stage.cloud.region.ledger().filter(({ event }) => event === 'released').length
  const eipOf = async (name: string): Promise<string | undefined> =>
    (await stage.eipClaim(name))?.status?.eipId
  async function bound(...names: string[]): Promise<void> {
    await stage.eventually(async () => {
      for (const name of names)
        expect([name, (await stage.eipClaim(name))?.status?.phase]).toEqual([name, 'Bound'])
    })
  }

  describe('that write to the same objects', () => {
    it.each([
      ['kubectl apply', ['apply']],
      ['kubectl apply --server-side', ['apply', '--server-side', '--field-manager=gitops']],
    ])('keep what is theirs on a Pod and its EIPClaim: %s', async (how, verb) => {
      const name = how.includes('server') ? 'server-side' : 'client-side'
      const file = join(stage.env.HOME!, `${name}.json`)
      const manifest = podManifest(name, { readinessGate: true, annotations: { 'example.com/tool': 'a' } })
      const apply = async (labels: Record<string, string>) => {
        const metadata = { ...manifest.metadata, labels }
        await writeFile(file, JSON.stringify({ ...manifest, metadata }))
        await stage.kubectl(...verb, '-f', file)
      }
      await apply({ version: '1' })
      await bound(name)
      await stage.kubectl('label', 'eipc', name, 'team=a')
      await stage.kubectl('annotate', 'eipc', name, 'example.com/note=x')
      const before = (await stage.pod(name))?.metadata.annotations
      await apply({ version: '2' })
      await stage.eventually(async () => expect((await stage.pod(name))?.metadata.labels?.version).toBe('2'))
      const pod = await stage.pod(name)
      expect(pod?.metadata.annotations?.[annotation.eipId]).toBe(await eipOf(name))
      expect(pod?.metadata.annotations).toMatchObject({ 'example.com/tool': 'a' })
      expect(Object.keys(pod?.metadata.annotations ?? {})).toEqual(Object.keys(before ?? {}))
      expect((await stage.eipClaim(name))?.metadata).toMatchObject({
        labels: { team: 'a' },
        annotations: { 'example.com/note': 'x' },
        finalizers: [finalizer],
      })
      expect((await stage.kubeEvents(name)).filter((event) => /ChangeUndone|Disputed/.test(event))).toEqual(
        [],
      )
    })

    it('are told who they are when they change what is not: kubectl edit, annotate, patch', async () => {
      const name = 'client-side'
      const editor = join(stage.env.HOME!, 'editor.sh')
      await writeFile(editor, '#!/bin/sh\nsed -i "s/deletePolicy: Release/deletePolicy: Never/" "$1"\n', {
        mode: 0o755,
      })
      await stage.kubectl.withEnv({ KUBE_EDITOR: editor })('edit', 'eipc', name)
      await stage.kubectl('annotate', 'pod', name, '--overwrite', `${annotation.publicIp}=198.51.100.1`)
      await stage.kubectl(
        'patch',
        'eipc',
        name,
        '--subresource=status',
        '--type=merge',
        '-p',
        '{"status":{"phase":"Pending"}}',
      )
      await stage.eventually(async () => {
        const claim = await stage.eipClaim(name)
        expect(claim).toMatchObject({ spec: { deletePolicy: 'Release' }, status: { phase: 'Bound' } })
        expect((await stage.pod(name))?.metadata.annotations?.[annotation.publicIp]).toBe(
          claim?.status?.publicIp,
        )
        const described = await stage.kubectl('describe', 'eipc', name)
        expect(described).toContain('kubectl-edit changed the spec or labels of this EIPClaim')
        expect(described).toContain('kubectl-patch changed the status of this EIPClaim')
        expect(await stage.kubectl('describe', 'pod', name)).toContain(
          "kubectl-annotate changed this Pod's annotation",
        )
      })
    })
  })

  describe('that take away what pod-eip needs', () => {
    it('get the finalizer back, with a word, and no EIP is given back', async () => {
      const eip = await eipOf('client-side')
      await stage.kubectl(
        'patch',
        'eipc',
        'client-side',
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":null}}',
      )
      await stage.eventually(async () => {
        expect((await stage.eipClaim('client-side'))?.metadata.finalizers).toEqual([finalizer])
        expect(await stage.kubeEvents('client-side')).toContain('EIPClaim Warning ChangeUndone')
      })
      expect(held()).toContain(eip)
    })

    it('get an EIPClaim back that was deleted by force', async () => {
      const before = await stage.eipClaim('server-side')
      await stage.kubectl('delete', 'eipc', 'server-side', '--force', '--grace-period=0', '--wait=false')
      const off = { metadata: { finalizers: null } }
      await stage.cluster.client.mergePatch(eipClaims, 'default', 'server-side', off).catch(() => {})
      await stage.eventually(async () => {
        const now = await stage.eipClaim('server-side')
        expect(now?.metadata.uid).not.toBe(before?.metadata.uid)
        expect(now?.status).toMatchObject({ phase: 'Bound', eipId: before?.status.eipId })
      })
    })

    it.each([
      ['at once', 'kept', () => () => {}],
      ['when it is there again', 'kept-too', () => stage.services.pause('watcher')],
    ])(
      'get the definition back with every EIPClaim, kept ones too, and no EIP is given back: the watcher hears of it %s',
      async (_, name, holdUp) => {
        await stage.kubectl.apply(podManifest(name, { isStatic: true }))
        await bound(name)
        await stage.kubectl('delete', 'pod', name)
        await stage.eventually(async () =>
          expect((await stage.eipClaim(name))?.status?.phase).toBe('Retained'),
        )
        const all = (await stage.eipClaims()).map(shown).sort()
        const [before, gone] = [held().sort(), released()]
        const goOn = holdUp()
        try {
          await stage.kubectl('delete', 'crd', eipClaimCrd.metadata.name, '--wait=false')
          await stage.eventually(async () => {
            const crd = await stage.cluster.client.get(
              customResourceDefinitions,
              null,
              eipClaimCrd.metadata.name,
            )
            expect(crd?.metadata.deletionTimestamp).toBeUndefined()
            expect((await stage.eipClaims()).map(shown).sort()).toEqual(all)
          }, 150)
        } finally {
          goOn()
        }
        // A later event has been through everything: what would have been given back would be on its way.
        await stage.kubectl.apply(podManifest(`after-${name}`))
        await bound(`after-${name}`)
        expect(released()).toBe(gone)
        expect(held()).toEqual(expect.arrayContaining(before))
        expect((await stage.claims()).find(({ key }) => key === `default/${name}`)?.phase).toBe('Retained')
      },
    )

    it("get a Node's EIP slots back when its kubelet registers it anew", async () => {
      const capacityOf = async (name: string) =>
        (await stage.cluster.client.get(nodes, null, name))?.status?.capacity?.[slots]
      expect(await capacityOf(node)).toBe('9')
      const zero = { status: { capacity: { [slots]: '0' } } }
      await stage.cluster.client.mergePatch(nodes, null, node, zero, {
        fieldManager: 'kubelet',
        subresource: 'status',
      })
      await stage.eventually(async () => expect(await capacityOf(node)).toBe('9'))
      const spare = makeTkeNode({ index: 1, cpu: 8 })
      const { name } = spare.metadata
      const annotations = { [kwokAnnotation.name]: kwokAnnotation.value }
      const register = () =>
        stage.cluster.client.create(nodes, { ...spare, metadata: { ...spare.metadata, annotations } })
      await register()
      await stage.eventually(async () => expect(await capacityOf(name)).toBe('2'))
      await stage.kubectl('delete', 'node', name)
      await register()
      await stage.eventually(async () => expect(await capacityOf(name)).toBe('2'))
    })

    it('delete a namespace with live Pods: its EIPs are given back once those have ended, and it goes', async () => {
      await stage.kubectl('create', 'namespace', 'doomed')
      const inIt = (name: string, isStatic: boolean) => {
        const pod = podManifest(name, { isStatic })
        return { ...pod, metadata: { ...pod.metadata, namespace: 'doomed' } }
      }
      const account = {
        group: '',
        version: 'v1',
        plural: 'serviceaccounts',
        kind: 'ServiceAccount',
        namespaced: true,
      }
      // A simulated cluster has no ServiceAccounts, and asks for none.
      if (stage.kind === 'kubernetes') {
        await stage.eventually(async () =>
          expect(await stage.cluster.client.get(account, 'doomed', 'default')).not.toBeNull(),
        )
      }
      await stage.kubectl.apply(inIt('a', false), inIt('b', true))
      const phases = async () =>
        (await stage.cluster.client.list(eipClaims, { namespace: 'doomed' })).items.map(
          ({ status }) => status?.phase,
        )
      await stage.eventually(async () => expect(await phases()).toEqual(['Bound', 'Bound']))
      const eips = (await stage.cluster.client.list(eipClaims, { namespace: 'doomed' })).items.map(
        ({ status }) => status.eipId,
      )
      await stage.kubectl('delete', 'namespace', 'doomed', '--wait=false')
      await stage.eventually(async () => {
        expect(await stage.kubectl('get', 'namespace', 'doomed', '--ignore-not-found')).toBe('')
        expect(held().filter((id) => eips.includes(id))).toEqual([])
      }, 150)
      expect((await stage.cluster.client.list(pods, { namespace: 'doomed' })).items).toEqual([])
    })
  })
})

function shown({ metadata, status }: KubeObject): string {
  return `${metadata.name} ${status?.phase} ${status?.eipId}`
}
