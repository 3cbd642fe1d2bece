import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { chart, helm, sets } from './programs.ts'

const render = (...values: string[]) => helm('template', 'eip', chart, ...sets(...values))

describe('values of the chart', () => {
  test.each([
    ...['name', 'instance', 'component'].map((own) => [
      `podLabels.app\\.kubernetes\\.io/${own}=x`,
      `podLabels has app.kubernetes.io/${own}, by which the Deployments find their Pods`,
    ]),
    ['podAnnotations.pod-eip/settings=x', 'podAnnotations has pod-eip/settings'],
    ['podLabels.a=b c', "at '/podLabels/a'"],
    ['podLabels.a b=c', "at '/podLabels'"],
    ['podAnnotations.a b=c', "at '/podAnnotations'"],
    ['nodeSelector.a=b c', "at '/nodeSelector/a'"],
    ['watcher.resources.requests.cpu=abc', "at '/watcher/resources/requests/cpu'"],
    ['watcher.resources.limit.cpu=1', "at '/watcher/resources'"],
    ['tolerations[0].foo=x', "at '/tolerations/0'"],
    ['tolerations[0].effect=Never', "at '/tolerations/0/effect'"],
    ['affinity.podAfinity.a=b', "at '/affinity'"],
    ['admission.namespaceSelector.matchLabelz.a=b', "at '/admission/namespaceSelector'"],
    ['admission.namespaceSelector.matchLabels.a=b c', "at '/admission/namespaceSelector/matchLabels/a'"],
    ['postgres.urlSecret.name=A_B', "at '/postgres/urlSecret/name'"],
    ['postgres.urlSecret.key=a/b', "at '/postgres/urlSecret/key'"],
    ['redis.tlsSecretName=A_B', "at '/redis/tlsSecretName'"],
    ['cloud.secret.name=A_B', "at '/cloud/secret/name'"],
    ['image.pullSecrets[0].name=A_B', "at '/image/pullSecrets/0/name'"],
    ['image.repository=a b', "at '/image/repository'"],
    ['image.tag=a b', "at '/image/tag'"],
    ['image.digest=sha256:0', "at '/image/digest'"],
    ['priorityClassName=A_B', "at '/priorityClassName'"],
    ['ownerKinds[0].resources[0]=', "at '/ownerKinds/0/resources/0'"],
    ['ownerKinds[0].apiGroup=A_B', "at '/ownerKinds/0/apiGroup'"],
    ...['image', 'postgres', 'cloud', 'egress', 'kubeApi', 'admission', 'watcher', 'allInOne'].map((name) => [
      `${name}=null`,
      `missing property '${name}'`,
    ]),
    ['cloud.secret=null', "missing property 'secret'"],
  ])('%s is refused', async (value, says) => {
    await expect(
      render('ownerKinds[0].apiGroup=a.b', 'ownerKinds[0].resources[0]=c', value!),
    ).rejects.toThrow(says)
  })

  test.each([
    [[], 'pod-eip:0.1.0'],
    [['image.tag=v2'], 'pod-eip:v2'],
    [['image.tag=20250101'], 'pod-eip:20250101'],
    [
      [
        'image.repository=registry.example.com:5000/team/pod_eip',
        `image.digest=sha256:${'a'.repeat(64)}`,
        'image.tag=v2',
      ],
      `registry.example.com:5000/team/pod_eip@sha256:${'a'.repeat(64)}`,
    ],
  ])('%s: the image is %s', async (values, image) => {
    expect(await render(...values)).toContain(`image: ${JSON.stringify(image)}`)
  })

  test('what may be null is as if it were not set', async () => {
    const nulls = ['settings', 'podLabels', 'podAnnotations', 'nodeSelector', 'tolerations', 'affinity']
    const others = ['ownerKinds', 'logLevel', 'claimExpiredDuration', 'image.tag', 'cloud.endpoint']
    const text = await render(...[...nulls, ...others].map((name) => `${name}=null`))
    expect(text).toContain('POD_EIP_LOG_LEVEL: ""')
    expect(text).toContain('image: "pod-eip:0.1.0"')
  })
})

describe('the chart as part of another', () => {
  let parent: string
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'pod-eip-parent-'))
    await cp(chart, join(parent, 'charts/pod-eip'), { recursive: true })
    const dependency = { name: 'pod-eip', version: '0.1.0', condition: 'pod-eip.enabled' }
    const described = { apiVersion: 'v2', name: 'parent', version: '1.0.0', dependencies: [dependency] }
    await writeFile(join(parent, 'Chart.yaml'), JSON.stringify(described))
  })
  afterAll(() => rm(parent, { recursive: true, force: true }))

  test.each([
    [true, 'kind: Deployment'],
    [false, ''],
  ])('is there where enabled is %s', async (enabled, has) => {
    const own = { enabled, clusterId: 'cls-0a1b2c3d', cloud: { region: 'ap-guangzhou' } }
    await writeFile(
      join(parent, 'values.yaml'),
      JSON.stringify({ global: { team: 'games' }, 'pod-eip': own }),
    )
    const text = await helm('template', 'eip', parent)
    if (has) expect(text).toContain(has)
    else expect(text.trim()).toBe('')
  })
})
