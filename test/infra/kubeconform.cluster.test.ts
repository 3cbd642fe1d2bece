import { globSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findAssets, startRealCluster } from '@pod-eip/devstack/real-cluster'
import { eipClaimCrd } from '@pod-eip/kube'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { root } from '../e2e/harness/services.ts'
import { type OpenApi, schemaLocation, writeSchemas } from './kubeconform/schemas.ts'
import { admission, chart, helm, kubectlOn, run, sets } from './programs.ts'

/** By the kinds of the very API server: nothing is downloaded. */
describe('kubeconform, strictly', () => {
  let folder: string
  const check = (input: string) =>
    run(
      findAssets(['kubeconform'])('kubeconform'),
      ['-strict', '-summary', '-schema-location', schemaLocation(folder), '-'],
      input,
    )

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pod-eip-schemas-'))
    const cluster = await startRealCluster()
    try {
      const kubectl = kubectlOn(cluster.kubeconfig)
      await kubectl(['create', '-f', '-'], JSON.stringify(eipClaimCrd))
      // A definition joins the API server's description a moment later.
      await vi.waitFor(
        async () => {
          const { stdout } = await kubectl(['get', '--raw', '/openapi/v2'])
          expect(stdout).toContain('"kind":"EIPClaim"')
          await writeSchemas(folder, JSON.parse(stdout) as OpenApi)
        },
        { timeout: 60_000, interval: 500 },
      )
    } finally {
      await cluster.stop()
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test.each([
    ['as it is', []],
    ['with admission', admission],
    ['that keeps egress', ['egress.enabled=true']],
    [
      'with everything that can be said of Pods',
      [
        'cloud.credentials=pod-identity',
        'cloud.serviceAccountAnnotations.role=qcs',
        'postgres.tlsSecretName=postgres-tls',
        'redis.tlsSecretName=redis-tls',
        'nodeSelector.pool=system',
        'priorityClassName=system-cluster-critical',
        'image.pullSecrets[0].name=registry',
        'tolerations[0].key=dedicated',
        'podAnnotations.team=games',
      ],
    ],
    ['with all five services in one process', ['mode=allInOne', ...admission]],
  ])('the chart, %s, has no field that is not there, and none of a wrong type', async (_, values) => {
    const objects = await helm('template', 'eip', chart, '--include-crds', ...sets(...values))
    const { code, text } = await check(objects)
    expect(text).toContain('Invalid: 0, Errors: 0, Skipped: 0')
    expect(text).not.toContain('Summary: 0 resources')
    expect(code).toBe(0)
  })

  test('names that YAML would take for numbers or truths stay names', async () => {
    const names = ['postgres.urlSecret.name=1', 'postgres.urlSecret.key=true', 'redis.tlsSecretName=2']
    const more = ['cloud.secret.name=3', 'egress.configMap.namespace=4', 'egress.configMap.name=5']
    const texts = [...names, ...more, 'priorityClassName=6'].flatMap((value) => ['--set-string', value])
    const args = ['template', '7', chart, '--namespace', '8', ...sets('egress.enabled=true'), ...texts]
    expect((await check(await helm(...args))).text).toContain('Invalid: 0, Errors: 0, Skipped: 0')
  })

  const files = globSync(['infra/manifests/**/*.yaml', 'docs/examples/*.yaml'], { cwd: root }).filter(
    (file) => !file.endsWith('kustomization.yaml'),
  )
  test.each(files.sort())('nor has %s', async (file) => {
    const { code, text } = await check(await readFile(join(root, file), 'utf8'))
    expect(text).toContain('Invalid: 0, Errors: 0, Skipped: 0')
    expect(code).toBe(0)
  })

  test.each([
    ['a field that is not there', 'spec: {replica: 1, selector: {}, template: {}}', 'replica'],
    ['a wrong type', 'spec: {replicas: "1", selector: {}, template: {}}', '/spec/replicas'],
    ['a field that is missing', 'spec: {replicas: 1, template: {}}', 'selector'],
    ['a field that stands there twice', 'spec: {selector: {}, selector: {}, template: {}}', 'selector'],
  ])('%s would be found', async (_, spec, says) => {
    const { code, text } = await check(
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: wrong}\n${spec}\n`,
    )
    expect(text).toContain(says)
    expect(code).toBe(1)
  })

  test('an EIPClaim is known as the code has it', async () => {
    const claim = {
      apiVersion: 'networking.tke.cloud.tencent.com/v1',
      kind: 'EIPClaim',
      metadata: { name: 'a' },
    }
    const { text } = await check(JSON.stringify({ ...claim, spec: { nothing: 1 } }))
    expect(text).toContain('nothing')
  })
})
