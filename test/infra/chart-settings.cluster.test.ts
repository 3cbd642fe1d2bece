import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allSettings } from '@pod-eip/all-in-one'
import { readSettings, SettingsError } from '@pod-eip/runtime'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { settingRows, settingsInCode } from '../docs/settings-in-code.ts'
import { root } from '../e2e/harness/services.ts'
import { chart, helm } from './programs.ts'

const named = { clusterId: 'cls-0a1b2c3d', 'cloud.region': 'ap-guangzhou' }
const elsewhere: Record<string, { value?: string; instead?: string }> = parse(
  await readFile(join(chart, 'files/settings-elsewhere.yaml'), 'utf8'),
)

/** What the chart makes of values, all of them texts; its data of the ConfigMap. */
async function settingsOf(values: Record<string, string>): Promise<Record<string, string>> {
  const sets = Object.entries({ ...named, ...values }).flatMap(([name, value]) => [
    '--set-string',
    `${name}=${value.replaceAll(',', '\\,')}`,
  ])
  const text = await helm('template', 'eip', chart, ...sets, '--show-only', 'templates/settings.yaml')
  return parseAllDocuments(text)[0]!.toJS().data
}

/** Whether a value is taken, or the sentence that says why not. */
const taken = (reading: Promise<unknown>) =>
  reading.then(
    () => true,
    (error: Error) => /settings\.yaml:\d+:\d+\): (.*)/.exec(error.message)?.[1] ?? error.message,
  )

/** What the service that reads a variable says of a value, without the variable's own name. */
function service(variable: string, value: string): true | string {
  try {
    readSettings({ [variable]: allSettings[variable]! }, { [variable]: value })
    return true
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return error.message.replace(/^.* is "/, 'is "')
  }
}

/** Variables that `settings` takes, and those that a text or number of the chart sets, with the value's name. */
const judged = Object.keys(allSettings).flatMap((variable) => {
  const { value } = elsewhere[variable] ?? {}
  const texts = ['clusterId', 'annotationDomain', 'claimExpiredDuration', 'cloud.region', 'cloud.endpoint']
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
    : /COUNT|PERCENT|RELEASES|CONCURRENCY/.test(variable)
      ? numbers
      : /ENDPOINT/.test(variable)
        ? urls
        : names

describe('settings of the chart', () => {
  test.each(judged)('%s as %s takes what the service takes, in its words', async (variable, name) => {
    const schemaRefuses = name === 'cloud.region' || name === 'clusterId'
    for (const sample of samplesOf(variable)) {
      const expected = service(variable, sample)
      const answer = await taken(settingsOf({ [name]: sample }))
      if (schemaRefuses) expect(answer === true && expected !== true, sample).toBe(false)
      else expect(answer, sample).toBe(expected === true ? true : `${name} ${expected}`)
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
    ['egress.configMap.namespace', 'Foo_bar'],
    ['egress.configMap.namespace', 'a.b'],
    ['egress.configMap.name', 'a..b'],
    ['annotationDomain', ''],
  ])('%s=%s is refused', async (name, value) => {
    expect(await taken(settingsOf({ [name]: value }))).toContain(`at '/${name.replaceAll('.', '/')}'`)
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
