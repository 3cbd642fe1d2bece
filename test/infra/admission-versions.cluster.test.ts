import { type RealCluster, startRealCluster } from '@pod-eip/devstack/real-cluster'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { annotation } from '../e2e/harness/manifests.ts'
import { type AdmittingServer, startAdmitting } from './admission/api-server.ts'
import { admission, chart, helm, renderAdmission, sets } from './programs.ts'

/** Policies by their kind and the version of the API that they are written in. */
const policiesIn = (manifest: string) =>
  [...manifest.matchAll(/^apiVersion: admissionregistration\.k8s\.io\/(\S+)\nkind: (\w+)Policy$/gm)]
    .map(([, version, kind]) => `${kind} ${version}`)
    .sort()

describe('admission on the clusters that there are', () => {
  let cluster: RealCluster | undefined
  let server: AdmittingServer | undefined
  afterEach(async () => {
    await cluster?.stop()
    await server?.close()
    cluster = server = undefined
  })

  test.each([
    ['1.29', [], []],
    ['1.30', ['v1/Validating'], ['ValidatingAdmission v1']],
    [
      '1.34 with v1beta1 switched on',
      ['v1/Validating', 'v1beta1/Mutating'],
      ['MutatingAdmission v1beta1', 'ValidatingAdmission v1'],
    ],
    [
      '1.36',
      ['v1/Validating', 'v1beta1/Mutating', 'v1/Mutating'],
      ['MutatingAdmission v1', 'ValidatingAdmission v1'],
    ],
  ])('the chart takes what Kubernetes %s serves', async (_, served, expected) => {
    const kinds = served.map((kind) => `admissionregistration.k8s.io/${kind}AdmissionPolicy`)
    const versions = ['apps/v1/Deployment', ...kinds].flatMap((kind) => ['--api-versions', kind])
    expect(policiesIn(await helm('template', 'eip', chart, ...sets(...admission), ...versions))).toEqual(
      expected,
    )
  })

  test('what a cluster lacks is left out, and named when the chart is installed', async () => {
    cluster = await startRealCluster({ apiServerFlags: { 'emulated-version': 'kube=1.35' } })
    const config = `--kubeconfig=${cluster.kubeconfig}`
    const said = await helm('install', 'eip', chart, config, ...sets(...admission))
    expect(said).toContain('Pods that forget the resource do not get it')
    expect(said).not.toContain('Wrong annotations are not refused')
    expect(policiesIn(await helm('get', 'manifest', 'eip', config))).toEqual(['ValidatingAdmission v1'])
  })

  test('the policies of v1beta1 do what those of v1 do', async () => {
    const policies = await renderAdmission(...admission, 'admission.addResource.apiVersion=v1beta1')
    server = await startAdmitting(
      policies,
      async (it) => expect(await it.refusalOf({ [annotation.attributes]: '@' })).not.toBeNull(),
      { apiServerFlags: { 'runtime-config': 'admissionregistration.k8s.io/v1beta1=true' } },
    )
    const metadata = { name: 'forgot', namespace: 'default', annotations: { [annotation.attributes]: '' } }
    const pod = { metadata, spec: { containers: [{ name: 'main', image: 'busybox' }] } }
    await vi.waitFor(
      async () => {
        const { object } = await server!.dryRun('/api/v1/namespaces/default/pods', pod)
        expect(object.spec.containers[0].resources.limits).toEqual({ 'tke.cloud.tencent.com/eip': '1' })
      },
      { timeout: 60_000, interval: 200 },
    )
  })
})
