import { flagsAsVariables, HelpRequested, joinSettings, readSettings } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { allSettings } from '../src/settings.ts'
import { startAllInOne } from '../src/start.ts'

const required = {
  DATABASE_URL: 'postgres://eip@127.0.0.1:1/eip',
  REDIS_URL: 'redis://127.0.0.1:1',
  POD_EIP_CLUSTER_ID: 'cls-1',
  TENCENTCLOUD_REGION: 'ap-guangzhou',
}

test('it takes the flags of all five, and each of its services finds them', () => {
  const argv = ['--claim-expired-duration=1h', '--enable-ownerref', '--kube-api-qps=7', '--api-port', '0']
  expect(flagsAsVariables(allSettings, { ...required, POD_EIP_KUBE_API_QPS: '50' }, argv)).toEqual({
    ...required,
    POD_EIP_CLAIM_EXPIRED_DURATION: '1h',
    POD_EIP_ENABLE_OWNERREF: 'true',
    POD_EIP_KUBE_API_QPS: '7',
    POD_EIP_API_PORT: '0',
  })
})

test('two services of one name for different things are not both set', () => {
  const { concurrency, ...others } = {
    concurrency: allSettings.POD_EIP_PUBLISHER_CONCURRENCY!,
    ...allSettings,
  }
  expect(() => joinSettings({ concurrency }, { other: { ...concurrency, env: 'POD_EIP_OTHER' } })).toThrow(
    '--concurrency would set both POD_EIP_PUBLISHER_CONCURRENCY and POD_EIP_OTHER',
  )
  expect(readSettings(others, required)).toMatchObject({
    POD_EIP_PUBLISHER_CONCURRENCY: 10,
    POD_EIP_WORKER_CONCURRENCY: 100,
  })
})

test.each([
  [
    'a setting of the last one',
    { POD_EIP_API_PORT: 'http' },
    [],
    /POD_EIP_API_PORT \(--api-port\) is "http"/,
  ],
  ['a flag of nobody', {}, ['--conurrency=3'], /--conurrency/],
])('%s that is wrong stops it before it opens anything', async (_, env, argv, says) => {
  await expect(startAllInOne({ ...required, ...env }, argv)).rejects.toThrow(says)
})

test('--help shows each setting once', async () => {
  const shown = await startAllInOne({}, ['--help']).catch((error: unknown) => error)
  expect(shown).toBeInstanceOf(HelpRequested)
  const lines = (shown as Error).message.split('\n')
  for (const flag of [
    '--kube-api-qps',
    '--worker-concurrency',
    '--api-port',
    '--guard-window',
    '--cluster-id',
  ])
    expect(lines.filter((line) => line.includes(`${flag} `))).toHaveLength(1)
})
