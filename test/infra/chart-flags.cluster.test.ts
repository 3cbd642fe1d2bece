import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { allSettings, settingsByService } from '@pod-eip/all-in-one'
import { readSettings, type SettingSpecs, SettingsError } from '@pod-eip/runtime'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { dataOf, taken } from './chart-answers.ts'
import { chart, run, sets } from './programs.ts'

const specs: Record<string, SettingSpecs> = { ...settingsByService, allInOne: allSettings }
/** What every service must be told; the chart tells it by variables. */
const needed = {
  DATABASE_URL: 'postgresql://a/b',
  REDIS_URL: 'redis://a',
  POD_EIP_CLUSTER_ID: 'cls-a',
  TENCENTCLOUD_REGION: 'ap-guangzhou',
}

/** What a service says of its flags. */
function service(name: string, args: string[]): true | string {
  try {
    readSettings(specs[name]!, needed, args)
    return true
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    return `${name}.args: ${error.message.replace(/^\S+ \((--\S+)\)/, '$1')}`
  }
}

const answer = (service: string, ...args: string[]) =>
  taken(dataOf(sets(`${service}.args={${args.join(',')}}`)))

describe('flags of services in the chart', () => {
  test.each([
    ['worker', '--no-such-flag'],
    ['worker', '--worker-concurrency=50'],
    ['worker', '--worker-concurrency=abc'],
    ['worker', '--worker-concurrency='],
    ['worker', '--worker-concurrency=abc', '--worker-concurrency=50'],
    ['worker', '--worker-concurrency'],
    ['worker', '--worker-concurrency', '--log-level=debug'],
    ['worker', '--cloud-endpoint=http://vpc.example/?a=b', '--cloud-settle-time=2s'],
    ['worker', '--enable-ownerref'],
    ['watcher', '--worker-concurrency=50'],
    ['watcher', '--log-level=loud'],
    ['watcher', '--log-level=debug'],
    ['projector', '--enable-ownerref'],
    ['projector', '--enable-ownerref=true'],
    ['projector', '--no-enable-ownerref'],
    ['projector', '--claim-expired-duration=4m'],
    ['projector', '--claim-expired-duration=0'],
    ['projector', '--claim-expired-duration='],
    ['publisher', '--kube-api-qps=0'],
    ['api', '--guard-releases=5'],
    ['allInOne', '--claim-expired-duration=1h', '--enable-ownerref', '--worker-concurrency=7'],
    ['allInOne', '--concurrency=x'],
  ])('%s %s %s are taken as the service takes them, in its words', async (name, ...args) => {
    expect(await answer(name, ...args)).toBe(service(name, args))
  })

  test.each([
    ['api', '--api-port=9999', 'the Service of the chart leads to port 8080'],
    ['api', '--api-host=::', 'the chart sets it, for its Service'],
    ['allInOne', '--health-port=1', 'the chart sets it, for its probes'],
    ['watcher', '--database-tls-dir=/a', 'set postgres.tlsSecretName instead'],
    ['worker', '--cluster-id=cls-other', 'set clusterId instead'],
    ['publisher', '--annotation-domain=a.b', 'set annotationDomain instead'],
    ['publisher', '--enable-egress', 'set egress.enabled instead'],
  ])('%s %s is refused, for the chart goes by it: %s', async (name, arg, instead) => {
    expect(await answer(name, arg)).toBe(`${name}.args: ${arg.split('=')[0]} is not taken: ${instead}.`)
  })

  test('a log file is refused where nothing can be written', async () => {
    expect(await answer('api', '--log-file=/var/log/pod-eip.log')).toContain('the Pods may write no file')
  })

  test('to be shown the flags does not start a service', async () => {
    expect(await answer('api', '--help')).toContain('api.args has --help')
  })

  test('a time to settle that Tencent Cloud does not keep to is refused where it counts', async () => {
    const short = '--cloud-settle-time=2500ms'
    expect(await answer('worker', short)).toBe(
      'worker.args: --cloud-settle-time is 2.5 s, and Tencent Cloud may take 15 s: set it to 15s or more, or cloud.endpoint to a cloud that is faster.',
    )
    const together = sets('mode=allInOne', `worker.args={${short}}`)
    expect(await taken(dataOf(together))).toBe(true)
    expect(await taken(dataOf([...together, '--set', `allInOne.args={${short}}`]))).toContain('allInOne.args')
    // The flag wins over the setting.
    const both = sets('settings.POD_EIP_CLOUD_SETTLE_TIME=5s', 'worker.args={--cloud-settle-time=20s}')
    expect(await taken(dataOf(both))).toBe(true)
  })
})

describe('flags of Node in the chart', async () => {
  const { alone, withNumber } = parse(await readFile(join(chart, 'files/node-flags.yaml'), 'utf8')) as {
    alone: string[]
    withNumber: string[]
  }

  test.each([...alone, ...withNumber.map((flag) => `${flag}=64`)])('Node starts with %s', async (flag) => {
    const port = flag === '--inspect' ? ['--inspect-port=0'] : []
    expect(await run(process.execPath, [flag, ...port, '--eval', '0'])).toMatchObject({ code: 0 })
  })

  test.each([
    ['--max-old-space-size=400', true],
    ['--optimize-for-size', true],
    ['--max-old-space-size=abc', 'write it as --max-old-space-size=NUMBER.'],
    ['--max-old-space-size', 'write it as --max-old-space-size=NUMBER.'],
    ['--nonsense', 'which is no flag of Node that the chart knows'],
    ['--optimize-for-size=x', 'which is no flag of Node that the chart knows'],
  ])('%s: %s', async (flag, says) => {
    const said = await taken(dataOf(sets(`watcher.nodeFlags={${flag}}`)))
    if (says === true) expect(said).toBe(true)
    else expect(said).toMatch(`watcher.nodeFlags has ${flag}`)
    if (says !== true) expect(said).toContain(says)
  })
})
