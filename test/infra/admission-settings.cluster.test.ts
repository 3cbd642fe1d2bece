import type { KubeObject } from '@pod-eip/kube'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { stringify } from 'yaml'
import { annotation, podManifest } from '../e2e/harness/manifests.ts'
import { type AdmittingServer, startAdmitting } from './admission/api-server.ts'
import { admission, renderAdmission } from './programs.ts'

const slot = 'tke.cloud.tencent.com/eip'
const wrong = { attributes: { ISP: 'ACME' } }
const sentence = 'Annotation eip-attributes has a wrong ISP ("ACME"): use one of BGP, CMCC, CTCC, CUCC.'

describe('admission policies', () => {
  let server: AdmittingServer
  beforeAll(async () => {
    server = await startAdmitting(await renderAdmission(...admission), async (it) => {
      expect(await it.refusalOf({ [annotation.attributes]: '@' })).not.toBeNull()
      const { object } = await it.dryRun('/api/v1/namespaces/default/pods', asking({}))
      expect(object.spec.containers[0].resources).not.toEqual({})
    })
  })
  afterAll(() => server?.close())

  describe('the resource', () => {
    /** What the API server makes of a Pod's containers. */
    const made = async (pod: KubeObject) => {
      const { status, message, object } = await server.dryRun('/api/v1/namespaces/default/pods', pod)
      expect(status, message).toBe(201)
      const resources = (list: { name: string; resources: unknown }[] = []) =>
        Object.fromEntries(list.map((one) => [one.name, one.resources]))
      return { ...resources(object.spec.initContainers), ...resources(object.spec.containers) }
    }
    const container = (name: string, resources?: object) => ({
      ...{ name, image: 'busybox' },
      ...(resources && { resources }),
    })
    const one = { limits: { [slot]: '1' }, requests: { [slot]: '1' } }

    test('is added to the first container of a Pod that forgot it, beside what it has', async () => {
      const main = { limits: { memory: '1Gi' }, requests: { memory: '1Gi', cpu: '1' } }
      const pod = asking({
        initContainers: [container('init'), { ...container('sidecar'), restartPolicy: 'Always' }],
        containers: [container('main', main), container('log')],
      })
      expect(await made(pod)).toEqual({
        init: {},
        sidecar: {},
        main: { limits: { memory: '1Gi', [slot]: '1' }, requests: { memory: '1Gi', cpu: '1', [slot]: '1' } },
        log: {},
      })
    })

    test.each([
      ['eip-id-list', annotation.idList, 'eip-a'],
      ['super nodes', 'eks.tke.cloud.tencent.com/eip-attributes', ''],
    ])('is added to Pods with the annotation of %s', async (_, name, value) => {
      expect(await made(asking({ containers: [container('main')] }, { [name]: value }))).toEqual({
        main: one,
      })
    })

    test.each([
      ['another container has it', { containers: [container('main'), container('log', one)] }],
      [
        'an init container has it',
        { containers: [container('main')], initContainers: [container('init', one)] },
      ],
      ['its node is chosen already', { containers: [container('main')], nodeName: '10.0.0.1' }],
    ])('is not added where %s', async (_, spec) => {
      const { main } = await made(asking(spec))
      expect(main).toEqual({})
    })

    test.each([
      ['is wrong', { [annotation.attributes]: 'nope' }],
      ['has a wrong value', { [annotation.attributes]: '{"ISP":"ACME"}' }],
      ['is no list of EIPs', { [annotation.idList]: 'eip-A' }],
    ])('is not added to a Pod of an older workload whose annotation %s', async (_, annotations) => {
      const pod = asking({ containers: [container('main')] }, annotations)
      const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'older', uid: 'u', controller: true }
      const owned = { ...pod, metadata: { ...pod.metadata, ownerReferences: [owner] } }
      expect(await made(owned)).toEqual({ main: {} })
    })

    test('is not added to a Pod that asks for no EIP', async () => {
      expect(await made(asking({ containers: [container('main')] }, { other: '' }))).toEqual({ main: {} })
    })
  })

  test('under another domain, in the namespaces that are chosen, they hold for that one alone', async () => {
    const policies = await renderAdmission(
      ...admission,
      'admission.namespaceSelector.matchLabels.eip=judged',
      'annotationDomain=eip.example.com',
    )
    await server.kubectl(['apply', '-f', '-'], policies.replaceAll(' eip-', ' other-'))
    await server.kubectl(['create', 'namespace', 'judged'])
    await server.kubectl(['label', 'namespace', 'judged', 'eip=judged'])
    const answer = (namespace: string, annotations: Record<string, string>) => {
      const metadata = { name: 'asks', namespace, annotations }
      const spec = { serviceAccountName: 'default', containers: [{ name: 'main', image: 'busybox' }] }
      return server.dryRun(`/api/v1/namespaces/${namespace}/pods`, { metadata, spec })
    }
    const own = { 'eip.example.com/eip-id-list': 'eip-A' }
    await vi.waitFor(
      async () => expect((await answer('judged', own)).message).toContain('which is no id of an EIP'),
      { timeout: 60_000, interval: 200 },
    )
    expect(await answer('default', own)).toMatchObject({ status: 201 })
    // Each policy comes into force by itself.
    await vi.waitFor(
      async () => {
        const { object } = await answer('judged', { 'eip.example.com/eip-id-list': 'eip-a' })
        expect(object.spec.containers[0].resources.limits).toEqual({ 'eip.example.com/eip': '1' })
      },
      { timeout: 60_000, interval: 200 },
    )
    const superNode = {
      'eks.tke.cloud.tencent.com/eip-attributes': '@',
      'eip.example.com/eip-attributes': '',
    }
    expect((await answer('judged', superNode)).message).toContain('eip-attributes is not JSON')
    await server.kubectl(['delete', 'validatingadmissionpolicybinding', 'eip-annotations.default'])
    await vi.waitFor(
      async () => expect(await server.refusalOf({ [annotation.attributes]: '@' })).toBeNull(),
      { timeout: 60_000, interval: 200 },
    )
    expect(await answer('judged', superNode)).toMatchObject({ status: 201 })
  })

  test('with the action Warn the user is told, and the object is taken', async () => {
    const warning = await renderAdmission(
      'admission.refuse.enabled=true',
      'admission.refuse.actions={Warn,Audit}',
    )
    expect(await server.kubectl(['apply', '-f', '-'], warning)).toMatchObject({ code: 0 })
    await vi.waitFor(
      async () => {
        const said = await server.kubectl(
          ['apply', '--dry-run=server', '-f', '-'],
          stringify(podManifest('told', wrong)),
        )
        expect(said).toMatchObject({ code: 0, text: expect.stringContaining(sentence) })
      },
      { timeout: 60_000, interval: 200 },
    )
  })
})

/** A Pod that asks for an EIP and for nothing else. */
function asking(spec: object, annotations: Record<string, string> = { [annotation.attributes]: '' }) {
  const pod = podManifest('asks', { attributes: null, annotations, withoutResource: true })
  return { ...pod, spec: { ...pod.spec, ...spec } }
}
