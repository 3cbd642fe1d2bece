import { readSettings } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import {
  appliesExamples,
  checkChoices,
  choiceNotes,
  describeChoices,
  servicesEnvironment,
} from './choices.ts'
import { startSettings } from './start-settings.ts'

const read = (env: Record<string, string> = {}) => readSettings(startSettings, env)

test.each([
  [{}, 'pod-eip: stores embedded, cluster simulated, cloud simulated'],
  [
    { DATABASE_URL: 'postgres://a@b/c' },
    'pod-eip: Postgres external, Redis embedded, cluster simulated, cloud simulated',
  ],
  [
    { DATABASE_URL: 'postgres://a@b/c', REDIS_URL: 'redis://b', POD_EIP_CLUSTER: 'kubernetes' },
    'pod-eip: stores external, cluster kubernetes, cloud simulated',
  ],
])('%j is said as %s', (env, line) => {
  expect(describeChoices(read(env as Record<string, string>))).toBe(line)
})

test('an exported KUBECONFIG is left alone, which is said', () => {
  const env = { KUBECONFIG: '/home/me/.kube/config' }
  expect(choiceNotes(read(env), env)).toHaveLength(1)
  const places = {
    databaseUrl: 'd',
    redisUrl: 'r',
    apiPort: '1',
    logFile: 'l',
    simulated: { KUBECONFIG: 'ours' },
  }
  expect(servicesEnvironment(read(env), env, places).KUBECONFIG).toBe('ours')
})

test('a real account wants a region and a mark of its own', () => {
  const tencent = { POD_EIP_CLOUD: 'tencent' }
  expect(() => checkChoices(read(tencent))).toThrow('TENCENTCLOUD_REGION is not set')
  const region = { ...tencent, TENCENTCLOUD_REGION: 'ap-guangzhou' }
  expect(() => checkChoices(read(region))).toThrow('POD_EIP_CLUSTER_ID is not set')
  expect(() => checkChoices(read({ ...region, POD_EIP_CLUSTER_ID: 'cls-1' }))).not.toThrow()
})

test('examples are applied only where they cost nothing and nobody else sees them', () => {
  expect(appliesExamples(read())).toBe(true)
  expect(appliesExamples(read({ POD_EIP_NO_DEMO: 'true' }))).toBe(false)
  expect(appliesExamples(read({ POD_EIP_CLUSTER: 'kubernetes' }))).toBe(false)
  const tencent = { POD_EIP_CLOUD: 'tencent' }
  expect(appliesExamples(read(tencent))).toBe(false)
  expect(choiceNotes(read(tencent), {}).join()).toContain('never bound')
})
