import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type RealCluster, startRealCluster } from '@pod-eip/devstack/real-cluster'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { granted } from '../e2e/harness/service-accounts.ts'
import { root } from '../e2e/harness/services.ts'

const chart = join(root, 'infra/helm/pod-eip')
const run = promisify(execFile)
const named = ['--set', 'clusterId=cls-0a1b2c3d', '--set', 'cloud.region=ap-guangzhou']

test('what the manifests let watcher and publisher do is what the page says', async () => {
  const page = await readFile(join(root, 'docs/operating.md'), 'utf8')
  const [section] = page.split('\n## Rights in the cluster\n')[1]!.split('\n## ')
  const rows = section!.split('\n').filter((line) => line.startsWith('| ') && line.includes('`'))
  const documented = (column: number) =>
    rows.flatMap((row) => {
      const cells = row.split('|').map((cell) => cell.trim())
      const resources = [...cells[1]!.matchAll(/`([^`]+)`/g)].map(([, name]) => name)
      const verbs = cells[column]!.split(', ').filter(Boolean)
      return resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`))
    })
  expect(documented(2).sort()).toEqual((await granted('watcher')).sort())
  expect(documented(3).sort()).toEqual((await granted('publisher')).sort())
})

/** What takes helm, kubectl and an API server: where KUBEBUILDER_ASSETS names them. */
describe.runIf(process.env.KUBEBUILDER_ASSETS)('installing', () => {
  const program = (name: string) => join(process.env.KUBEBUILDER_ASSETS!, name)
  const helm = async (...args: string[]) => (await run(program('helm'), args)).stdout
  let cluster: RealCluster
  const kubectl = async (args: string[], input = '') => {
    const started = run(program('kubectl'), [`--kubeconfig=${cluster.kubeconfig}`, ...args])
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
  ])('the chart, %s, is taken by an API server', async (_, values) => {
    const sets = values.flatMap((value) => ['--set', value])
    const objects = await helm('template', 'eip', chart, '-n', 'pod-eip', ...named, ...sets)
    const taken = await kubectl(['create', '--dry-run=server', '--validate=strict', '-f', '-'], objects)
    expect(taken.match(/deployment\.apps\/eip-\w+ created \(server dry run\)/g)).toHaveLength(5)
  })

  test.each([
    ['a cluster without a name', ['cloud.region=ap-guangzhou'], 'clusterId is not set: name this cluster'],
    ['a value that nobody knows', ['clusterID=cls-1'], 'clusterID'],
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
