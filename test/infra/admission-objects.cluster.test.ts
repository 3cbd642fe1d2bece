import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { KubeObject } from '@pod-eip/kube'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { stringify } from 'yaml'
import {
  annotation,
  cronJobManifest,
  type PodOptions,
  podManifest,
  runnerManifest,
  workloadManifest,
} from '../e2e/harness/manifests.ts'
import { root } from '../e2e/harness/services.ts'
import { type AdmittingServer, startAdmitting } from './admission/api-server.ts'
import { admission, renderAdmission } from './programs.ts'

const wrong = { attributes: { ISP: 'ACME' } }
const sentence = 'Annotation eip-attributes has a wrong ISP ("ACME"): use one of BGP, CMCC, CTCC, CUCC.'

function replicationController(name: string, options: PodOptions) {
  const { metadata, spec } = workloadManifest('Deployment', name, 1, options)
  const { matchLabels } = spec.selector
  return {
    ...{ apiVersion: 'v1', kind: 'ReplicationController', metadata },
    spec: { ...spec, selector: matchLabels },
  }
}

/** One object of each kind that has Pods in it. */
const everyKind = (name: string, options: PodOptions) => [
  podManifest(name, options),
  workloadManifest('Deployment', name, 1, options),
  workloadManifest('ReplicaSet', name, 1, options),
  workloadManifest('StatefulSet', name, 1, options),
  replicationController(name, options),
  runnerManifest('DaemonSet', name, options),
  runnerManifest('Job', name, options),
  cronJobManifest(name, options),
]

describe('policies of admission', () => {
  let server: AdmittingServer
  const apply = (object: object) => server.kubectl(['apply', '-f', '-'], stringify(object))
  /** The API server reads policies in its own time. */
  const inForce = async (on: AdmittingServer) =>
    expect(await on.refusalOf({ [annotation.attributes]: '@' })).not.toBeNull()
  const isJudged = (judged: boolean) =>
    vi.waitFor(
      async () => expect((await server.refusalOf({ [annotation.attributes]: '@' })) !== null).toBe(judged),
      { timeout: 60_000, interval: 200 },
    )

  beforeAll(async () => {
    server = await startAdmitting(await renderAdmission(...admission), inForce)
  })
  afterAll(() => server?.close())

  test.each(everyKind('wrong', wrong).map((object) => [object.kind, object] as const))(
    'a wrong annotation in a %s is refused at kubectl apply',
    async (_, object) => {
      const said = await apply(object)
      expect(said.text).toContain(`denied request: ${sentence}\n`)
      expect(said.code).toBe(1)
    },
  )

  test.each(everyKind('right', {}).map((object) => [object.kind, object] as const))(
    'a right one in a %s is taken',
    async (_, object) => expect(await apply(object)).toMatchObject({ code: 0 }),
  )

  test('hostNetwork, and two annotations that do not go together, are refused as well', async () => {
    expect((await apply(podManifest('host', { hostNetwork: true }))).text).toContain('uses hostNetwork')
    const both = podManifest('both', { annotations: { [annotation.idList]: 'eip-a' } })
    expect((await apply(both)).text).toContain('stand together')
    const none = podManifest('none', { hostNetwork: true, attributes: null, withoutResource: true })
    expect(await apply(none)).toMatchObject({ code: 0 })
  })

  test('all examples of the documentation are taken', async () => {
    const examples = join(root, 'docs/examples')
    for (const file of await readdir(examples)) {
      const said = await server.kubectl(['apply', '--dry-run=server', '-f', join(examples, file)])
      expect(said.code, said.text).toBe(0)
    }
  })

  describe('what was wrong before the policy', () => {
    /** Made while the policy was not bound. */
    const before = everyKind('before', { ...wrong, withoutResource: true })
    const names = before.map(({ kind }) => `${kind}/before`)
    beforeAll(async () => {
      const binding = ['validatingadmissionpolicybinding', 'eip-annotations.default']
      const { text } = await server.kubectl(['get', ...binding, '-o', 'json'])
      await server.kubectl(['delete', ...binding])
      await isJudged(false)
      for (const object of before) expect(await apply(object)).toMatchObject({ code: 0 })
      const { metadata, ...rest } = JSON.parse(text) as KubeObject
      await apply({ ...rest, metadata: { name: metadata.name } })
      await isJudged(true)
    })

    test.each(names)('%s can be labelled, given a finalizer, and freed of it', async (name) => {
      expect(await server.kubectl(['label', name, 'team=games'])).toMatchObject({ code: 0 })
      for (const finalizers of [['example.com/mine'], null]) {
        const patch = JSON.stringify({ metadata: { finalizers } })
        expect(await server.kubectl(['patch', name, '--type=merge', '-p', patch])).toMatchObject({ code: 0 })
      }
    })

    test.each([
      'Deployment/before',
      'ReplicaSet/before',
      'StatefulSet/before',
      'ReplicationController/before',
    ])('%s can be scaled, and its Pods come', async (name) => {
      expect(await server.kubectl(['scale', name, '--replicas=3'])).toMatchObject({ code: 0 })
      await expect
        .poll(async () => (await server.kubectl(['get', name, '-o', 'jsonpath={.status.replicas}'])).text, {
          timeout: 60_000,
        })
        .toBe('3')
    })

    test('another image is taken, and makes new Pods', async () => {
      const said = await server.kubectl(['set', 'image', 'Deployment/before', 'main=other'])
      expect(said).toMatchObject({ code: 0 })
      await expect
        .poll(async () => (await server.kubectl(['get', 'rs', '-l', 'app=before', '-o', 'name'])).text, {
          timeout: 60_000,
        })
        .toMatch(/before-\w+\n.*before-\w+/)
    })

    test('other wrong words on a living Pod of a StatefulSet are refused', async () => {
      const annotate = (value: string) =>
        server.kubectl(['annotate', '--overwrite', 'pod', 'before-0', `${annotation.attributes}=${value}`])
      expect((await annotate('{"ISP":"ACME","Bandwidth":"5"}')).text).toContain(sentence)
      expect(await annotate('{"ISP":"CMCC"}')).toMatchObject({ code: 0 })
    })

    test('other wrong words are refused, and right ones taken', async () => {
      const changed = (attributes: object) =>
        apply(workloadManifest('Deployment', 'before', 3, { attributes, withoutResource: true }))
      expect((await changed({ ISP: 'ACME', Bandwidth: '5' })).text).toContain(sentence)
      expect(await changed({ ISP: 'BGP' })).toMatchObject({ code: 0 })
    })

    test('all of them can be deleted', async () => {
      expect(await server.kubectl(['delete', '--wait=false', '--now', ...names])).toMatchObject({ code: 0 })
    })
  })
})
