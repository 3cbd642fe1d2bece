import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findKubectl } from '@pod-eip/devstack'
import { findAssets, type RealCluster, startRealCluster } from '@pod-eip/devstack/real-cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../e2e/harness/services.ts'

const chart = join(root, 'infra/helm/pod-eip')
const run = promisify(execFile)
const named = ['--set', 'clusterId=cls-0a1b2c3d', '--set', 'cloud.region=ap-guangzhou']

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
        'stores.caSecretName=stores-ca',
        'settings.POD_EIP_LOG_FILE=/dev/stderr',
        'worker.replicas=3',
        'nodeSelector.pool=system',
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

  test.each([
    ['a cluster without a name', ['cloud.region=ap-guangzhou'], 'clusterId is not set: name this cluster'],
    ['a value that nobody knows', ['clusterID=cls-1'], 'clusterID'],
    ['to refuse and to warn at once', ['admission.refuse.actions={Deny,Warn}'], 'has Deny and Warn'],
    ['an API that never was', ['admission.addResource.apiVersion=v1alpha1'], 'addResource/apiVersion'],
    ['a credential that nobody knows', ['cloud.credentials=password'], 'cloud/credentials'],
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
