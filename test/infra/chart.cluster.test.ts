import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findKubectl } from '@pod-eip/devstack'
import { findAssets, type RealCluster, startRealCluster } from '@pod-eip/devstack/real-cluster'
import type { KubeObject } from '@pod-eip/kube'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { manifestFolders, manifestsOf } from '../e2e/harness/installed-manifests.ts'
import { root } from '../e2e/harness/services.ts'

const chart = join(root, 'infra/helm/pod-eip')
const run = promisify(execFile)
const named = ['--set', 'clusterId=cls-0a1b2c3d', '--set', 'cloud.region=ap-guangzhou']

/** A Pod as a Deployment would make it. */
function podOf({ metadata, spec }: KubeObject): KubeObject {
  const { metadata: labels, spec: pod } = spec.template
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', spec: pod },
    metadata: { ...labels, name: metadata.name, namespace: 'pod-eip' },
  }
}

/** What takes helm, kubectl and an API server. */
describe('installing', () => {
  const helm = async (...args: string[]) => (await run(findAssets(['helm'])('helm'), args)).stdout
  let cluster: RealCluster
  const kubectl = async (args: string[], input = '') => {
    const program = await findKubectl({ cacheDir: join(root, '.cache') })
    const started = run(program, [`--kubeconfig=${cluster.kubeconfig}`, ...args])
    started.child.stdin?.end(input)
    return (await started).stdout
  }
  beforeAll(async () => {
    cluster = await startRealCluster()
    await kubectl(['create', 'namespace', 'pod-eip'])
  })
  afterAll(() => cluster.stop())

  test('the chart has nothing that helm warns of', async () => {
    expect(await helm('lint', '--strict', chart, ...named)).toContain('0 chart(s) failed')
  })

  test.each([
    ['as it is', []],
    ['with keys of the CVM and cascade reclaim', ['cloud.credentials=cvm-role', 'enableOwnerref=true']],
    [
      'with a role for the service account, TLS to the stores, and settings of its own',
      [
        'cloud.credentials=pod-identity',
        'cloud.serviceAccountAnnotations.role=qcs',
        'postgres.tlsSecretName=postgres-tls',
        'postgres.urlSecret.name=cluster-app',
        'postgres.urlSecret.key=uri',
        'redis.tlsSecretName=redis-tls',
        'settings.POD_EIP_GUARD_RELEASES=20',
        `image.digest=sha256:${'0'.repeat(64)}`,
        'worker.replicas=3',
        'worker.args={--worker-concurrency=50}',
        'nodeSelector.pool=system',
        'priorityClassName=system-cluster-critical',
        'image.pullSecrets[0].name=registry',
        'tolerations[0].operator=Exists',
      ],
    ],
    ['that keeps egress elsewhere', ['egress.enabled=true', 'egress.configMap.namespace=default']],
    ['with admission', ['admission.refuse.enabled=true', 'admission.addResource.enabled=true']],
    [
      'with admission that warns, in some namespaces, under a domain of its own',
      [
        'admission.refuse.enabled=true',
        'admission.refuse.actions={Warn,Audit}',
        'admission.addResource.enabled=true',
        'admission.addResource.apiVersion=v1',
        'admission.namespaceSelector.matchLabels.team=games',
        'annotationDomain=eip.example.com',
      ],
    ],
  ])('the chart, %s, is taken by an API server', async (_, values) => {
    const sets = values.flatMap((value) => ['--set', value])
    const objects = await helm('template', 'eip', chart, '-n', 'pod-eip', ...named, ...sets)
    const taken = await kubectl(['create', '--dry-run=server', '--validate=strict', '-f', '-'], objects)
    expect(taken.match(/deployment\.apps\/eip-\w+ created \(server dry run\)/g)).toHaveLength(5)
  })

  test('all five in one process are one Deployment, with the rights of watcher and publisher', async () => {
    const values = ['mode=allInOne', 'allInOne.args={--claim-expired-duration=1h,--enable-ownerref}']
    const sets = values.flatMap((value) => ['--set', value])
    const text = await helm('template', 'eip', chart, '-n', 'pod-eip', ...named, ...sets)
    const taken = await kubectl(['create', '--dry-run=server', '--validate=strict', '-f', '-'], text)
    expect(taken.match(/deployment\.apps\/.* created/g)).toEqual([
      expect.stringContaining('deployment.apps/eip-all-in-one created'),
    ])
    const objects = parseAllDocuments(text).map((document) => document.toJS() as KubeObject)
    const of = (kind: string) => objects.filter((object) => object?.kind === kind)
    expect(of('ServiceAccount').map(({ metadata }) => metadata.name)).toEqual(['eip-all-in-one'])
    const subjects = of('ClusterRoleBinding').map(({ roleRef, subjects: [one] }) => [roleRef.name, one.name])
    expect(subjects.sort()).toEqual([
      ['eip-publisher.pod-eip', 'eip-all-in-one'],
      ['eip-watcher.pod-eip', 'eip-all-in-one'],
    ])
    const [pod] = of('Deployment').map(({ spec }) => spec.template)
    expect(pod.spec.containers[0].args.slice(-3)).toEqual([
      'services/all-in-one/src/main.js',
      '--claim-expired-duration=1h',
      '--enable-ownerref',
    ])
    const [service] = of('Service')
    expect(pod.metadata.labels).toMatchObject(service!.spec.selector)
  })

  test.each(['separate', 'all-in-one'] as const)(
    'where only restricted Pods may be, those of the services may: %s',
    async (way) => {
      await kubectl(['apply', '--server-side', '--force-conflicts', '-k', join(root, manifestFolders[way])])
      const pods = (await manifestsOf(way)).filter(({ kind }) => kind === 'Deployment').map(podOf)
      const texts = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods })
      // Admission sees a ServiceAccount a moment after it was made.
      const create = () => kubectl(['create', '--dry-run=server', '-f', '-'], texts)
      const taken = await vi.waitFor(create, { timeout: 30_000, interval: 200 })
      expect(taken.match(/created/g)).toHaveLength(pods.length)
      const { securityContext: _, ...careless } = pods[0]!.spec
      const refused = kubectl(
        ['create', '--dry-run=server', '-f', '-'],
        JSON.stringify({ ...pods[0], spec: careless }),
      )
      await expect(refused).rejects.toThrow('violates PodSecurity "restricted')
      await kubectl(['delete', 'deploy,pdb,svc,sa,cm', '--all', '-n', 'pod-eip', '--wait=false'])
    },
  )

  test.each([
    ['a cluster without a name', ['cloud.region=ap-guangzhou'], 'clusterId is not set: a name is needed'],
    ['a value that nobody knows', ['clusterID=cls-1'], 'clusterID'],
    ['to refuse and to warn at once', ['admission.refuse.actions={Deny,Warn}'], 'has Deny and Warn'],
    ['an API that never was', ['admission.addResource.apiVersion=v1alpha1'], 'addResource/apiVersion'],
    ['a credential that nobody knows', ['cloud.credentials=password'], 'cloud/credentials'],
    ['a mode that nobody knows', ['mode=both'], 'mode'],
    ['a flag that is none', ['api.args={debug}'], 'api/args'],
  ])('%s is refused', async (_, values, says) => {
    const sets = values.flatMap((value) => ['--set', value])
    const some = values[0]!.startsWith('cloud.region') ? [] : named
    await expect(helm('template', 'eip', chart, ...some, ...sets)).rejects.toThrow(says)
  })

  test('helm upgrade --install installs everything, and does so again', async () => {
    const flags = [`--kubeconfig=${cluster.kubeconfig}`, '--namespace=other', '--create-namespace']
    for (const revision of [1, 2]) {
      const said = await helm('upgrade', '--install', 'eip', chart, ...flags, ...named)
      expect(said).toContain(`REVISION: ${revision}`)
    }
    const shown = await kubectl(['get', 'deploy', '-n', 'other', '-o', 'name'])
    expect(shown.match(/deployment/g)).toHaveLength(5)
    // Nor is it in the way of one of its name in another namespace, with everything that is outside of both.
    const beside = [flags[0]!, '--namespace=beside', '--create-namespace']
    const more = [
      'egress.enabled=true',
      'admission.refuse.enabled=true',
      'admission.addResource.enabled=true',
    ]
    const values = more.flatMap((value) => ['--set', value])
    await helm('upgrade', '--install', 'eip', chart, ...flags, ...named, ...values)
    await helm('upgrade', '--install', 'eip', chart, ...beside, ...named, ...values)
    await helm('uninstall', 'eip', ...beside.slice(0, 2))
    expect(await kubectl(['get', 'clusterroles', '-o', 'name'])).toContain('eip-watcher.other')
    await helm('uninstall', 'eip', ...flags.slice(0, 2))
    expect(await kubectl(['get', 'deploy', '-n', 'other', '-o', 'name'])).toBe('')
  })

  test('kubectl apply -k installs everything, and does so again', async () => {
    const everything = join(root, 'infra/manifests')
    expect(await kubectl(['apply', '--server-side', '-k', everything])).toContain(
      'deployment.apps/pod-eip-worker',
    )
    expect(await kubectl(['apply', '--server-side', '-k', everything])).toContain(
      'deployment.apps/pod-eip-worker',
    )
    const shown = await kubectl(['get', 'deploy,cm', '-n', 'pod-eip', '-o', 'name'])
    expect(shown.match(/deployment/g)).toHaveLength(5)
  })
})
