import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allSettings } from '@pod-eip/all-in-one'
import { readSettings, SettingsError } from '@pod-eip/runtime'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { settingRows, settingsInCode } from '../docs/settings-in-code.ts'
import { root } from '../e2e/harness/services.ts'
import { dataOf, settingsOf, taken } from './chart-answers.ts'
import { chart, helm, sets } from './programs.ts'

const elsewhere: Record<string, { value?: string; instead?: string }> = parse(
  await readFile(join(chart, 'files/settings-elsewhere.yaml'), 'utf8'),
)

/** What the service that reads a variable says of a value, without the variable's own name. */
function service(variable: string, value: string): true | string {
  try {
    readSettings({ [variable]: allSettings[variable]! }, { [variable]: value })
    return true
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.message.replace(/^\S+ (\(\S+\) )?/, '')
  }
}

/** Variables that `settings` takes, and those that a text or number of the chart sets, with the value's name. */
const judged = Object.keys(allSettings).flatMap((variable) => {
  const { value } = elsewhere[variable] ?? {}
  const texts = [
    ...['clusterId', 'annotationDomain', 'claimExpiredDuration', 'cloud.region', 'cloud.endpoint'],
    ...['logLevel', 'postgres.schema', 'egress.configMap.key', 'kubeApi.qps', 'kubeApi.burst'],
  ]
  if (value !== undefined) return texts.includes(value) ? [[variable, value] as const] : []
  return variable in elsewhere ? [] : [[variable, `settings.${variable}`] as const]
})
const numbers = ['0', '1', '99', '100', '101', '99999', '100000', '007', '-1', '1.5', '1e3', 'twenty']
const durations = [
  ...[
    '0',
    '9s',
    '10s',
    '59s',
    '1m',
    '4m59.9s',
    '300000ms',
    '4m60s',
    '1h',
    '61m',
    '3600.5s',
    '24h',
    '25h',
    '1d',
  ],
  ...['.5h', '5.m', '-5m', '-0s', '+5m', '5 m', 'h', '300000001us', '1h-5m', '5'],
]
const names = ['a..b', 'a.b', 'A', 'a_b', '-a', 'x'.repeat(64), 'ap-guangzhou', 'true', 'info']
const urls = ['foo', 'http://a:1', 'https://a.b/c', 'ftp://a', 'http://']
const samplesOf = (variable: string) =>
  /DURATION|WINDOW|INTERVAL|GRACE/.test(variable)
    ? durations
    : /COUNT|PERCENT|RELEASES|CONCURRENCY|QPS|BURST/.test(variable)
      ? numbers.filter((number) => !variable.includes('KUBE') || /^(0|-?[1-9]\d*)$/.test(number))
      : /ENDPOINT/.test(variable)
        ? urls
        : names

describe('settings of the chart', () => {
  test.each(judged)('%s as %s takes what the service takes, in its words', async (variable, name) => {
    for (const sample of samplesOf(variable)) {
      const expected = service(variable, sample)
      const answer = await taken(settingsOf({ [name]: sample }))
      expect(answer, sample).toBe(expected === true ? true : `${name} ${expected}`)
    }
  })

  test('every variable that a value sets is set by it, and by nothing else', async () => {
    const data = await settingsOf({})
    for (const [variable, { value }] of Object.entries(elsewhere))
      expect(variable in data, variable).toBe(value !== undefined)
    for (const variable of Object.keys(data)) expect(Object.keys(elsewhere)).toContain(variable)
  })

  test('every variable of the documentation is a setting, a value, or of npm start and eipctl alone', async () => {
    const page = await readFile(join(root, 'docs/operating.md'), 'utf8')
    const ofOthers = ['POD_EIP_CLOUD', 'POD_EIP_DIR', 'POD_EIP_FRESH', 'POD_EIP_NO_DEMO']
    for (const { env } of settingRows(page))
      expect([...Object.keys(allSettings), ...ofOthers], env).toContain(env)
    const credentials = [...settingsInCode().keys()].filter((name) => /^(TKE|TENCENTCLOUD)_/.test(name))
    for (const variable of credentials) expect(Object.keys(elsewhere)).toContain(variable)
  })

  test.each(Object.entries(elsewhere))(
    'settings.%s is refused, with what to do instead',
    async (variable, to) => {
      const answer = await taken(settingsOf({ [`settings.${variable}`]: 'other' }))
      const todo = to.instead ?? `set ${to.value} instead`
      expect(answer).toBe(`settings.${variable} is not taken: ${todo}.`)
    },
  )

  test('a variable that nobody knows is refused', async () => {
    expect(await taken(settingsOf({ 'settings.FOO': 'bar' }))).toBe(
      'settings.FOO is no variable that pod-eip knows: docs/operating.md, Settings, has all of them.',
    )
  })

  test('a role without its annotations is refused', async () => {
    expect(await taken(settingsOf({ 'cloud.credentials': 'pod-identity' }))).toContain(
      'cloud.serviceAccountAnnotations is empty',
    )
  })

  test.each([
    ['namespace', 'Foo_bar', 'Foo_bar/ip-masq-agent-config'],
    ['namespace', 'a.b', 'a.b/ip-masq-agent-config'],
    ['name', 'a..b', 'kube-system/a..b'],
  ])('a ConfigMap of egress with %s=%s is refused in the words of the service', async (part, value, both) => {
    expect(await taken(settingsOf({ [`egress.configMap.${part}`]: value }))).toBe(
      `egress.configMap ${service('POD_EIP_IP_MASQ_AGENT_CONFIG', both)}`,
    )
  })

  test.each([
    ['clusterId', 'POD_EIP_CLUSTER_ID'],
    ['cloud.region', 'TENCENTCLOUD_REGION'],
  ])('without %s it is refused in the words of the service', async (name, variable) => {
    expect(await taken(settingsOf({ [name]: '' }))).toBe(`${name} ${service(variable, '')}`)
  })

  test('a time to settle that Tencent Cloud does not keep to is refused as the worker refuses it', async () => {
    const settles = (text: string, more = {}) =>
      taken(settingsOf({ 'settings.POD_EIP_CLOUD_SETTLE_TIME': text, ...more }))
    expect(await settles('5s')).toBe(
      'settings.POD_EIP_CLOUD_SETTLE_TIME is 5 s, and Tencent Cloud may take 15 s: set it to 15s or more, or cloud.endpoint to a cloud that is faster.',
    )
    expect(await settles('14999ms')).toContain('is 14.999 s, and Tencent Cloud may take 15 s')
    expect(await settles('15s')).toBe(true)
    expect(await settles('5s', { 'cloud.endpoint': 'http://vpc.example' })).toBe(true)
  })

  test('a text that is a number or a truth of YAML is taken as it is written', async () => {
    const numbers = ['settings.POD_EIP_GUARD_RELEASES=1000000', 'clusterId=12345678', 'kubeApi.qps=99999']
    const expected = {
      POD_EIP_GUARD_RELEASES: '1000000',
      POD_EIP_CLUSTER_ID: '12345678',
      POD_EIP_KUBE_API_QPS: '99999',
    }
    expect(await dataOf(sets(...numbers))).toMatchObject(expected)
    // In a file of values, and in what helm keeps of a release, numbers are of another type.
    const json = numbers.flatMap((value) => ['--set-json', value])
    expect(await dataOf(['--set', 'cloud.region=ap-a', ...json])).toMatchObject(expected)
    expect(await taken(dataOf(sets('settings.POD_EIP_GUARD_RELEASES=true')))).toContain(
      'settings.POD_EIP_GUARD_RELEASES is "true": not a whole number.',
    )
  })

  test('annotationDomain is not empty', async () => {
    expect(await taken(settingsOf({ annotationDomain: '' }))).toContain("at '/annotationDomain'")
  })

  test('no service is without a Pod', async () => {
    const values = ['--set', 'clusterId=a', '--set', 'cloud.region=ap-a', '--set', 'worker.replicas=0']
    await expect(helm('template', 'eip', chart, ...values)).rejects.toThrow("at '/worker/replicas'")
  })

  test.each(['0', '1h', ''])('a claim may be kept for %s', async (duration) => {
    const values = [
      '--set',
      'clusterId=a',
      '--set',
      'cloud.region=ap-a',
      '--set',
      `claimExpiredDuration=${duration}`,
    ]
    expect(await helm('template', 'eip', chart, ...values)).toContain('POD_EIP_CLAIM_EXPIRED_DURATION: ')
  })
})
