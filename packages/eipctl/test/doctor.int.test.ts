import { createTestDatabase, redisUrlForTests } from '@pod-eip/devstack'
import { createPool, migrate } from '@pod-eip/event-log'
import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { createCloudSimulator, serveCloudSimulator } from '@pod-eip/simulators/cloud'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { longestMs, runChecks } from '../src/doctor/run-checks.ts'
import { runCli } from '../src/index.ts'

const database = await createTestDatabase()
const cloud = createCloudSimulator({
  clock: systemClock,
  random: seededRandom(1),
  ids: seededIds(seededRandom(2)),
})
const served = await serveCloudSimulator(cloud, { port: 0 })
afterAll(async () => {
  await served.close()
  await database.drop()
})
beforeEach(() => cloud.reset())

const whole: Record<string, string> = {
  DATABASE_URL: database.url,
  POD_EIP_DATABASE_SCHEMA: database.schema,
  REDIS_URL: await redisUrlForTests(),
  TENCENTCLOUD_REGION: 'ap-guangzhou',
  TENCENTCLOUD_SECRET_ID: 'AKIDsimulated',
  TENCENTCLOUD_SECRET_KEY: 'simulated',
  POD_EIP_CLOUD_ENDPOINT: served.url,
}

async function doctor(environment: Record<string, string>, ...argv: string[]) {
  const out: string[] = []
  const code = await runCli(['doctor', ...argv], {
    open: () => Promise.reject(new Error('the doctor opens nothing')),
    environment: () => environment,
    user: () => 'somebody',
    now: () => 0,
    out: (line) => void out.push(line),
    err: (line) => void out.push(line),
    signal: new AbortController().signal,
  })
  return { code, out: out.join('\n') }
}

async function findings(environment: Record<string, string>) {
  const { code, out } = await doctor(environment, '--json')
  const found: { check: string; state: string; says: string }[] = JSON.parse(out)
  return { code, of: (check: string) => found.find((f) => f.check === check) }
}

describe('eipctl doctor', () => {
  test('a schema that is not there yet fails, and one that is there is up to date', async () => {
    const before = await findings(whole)
    expect(before.code).toBe(1)
    expect(before.of('schema')).toMatchObject({
      state: 'fail',
      says: expect.stringContaining('no event log'),
    })

    const pool = createPool({ url: database.url, applicationName: 'doctor test' })
    await migrate({ pool, schema: database.schema })
    await pool.end()
    const { code, of } = await findings(whole)
    expect(code).toBe(0)
    for (const check of ['database', 'schema', 'projector', 'redis', 'clock', 'identity']) {
      expect(of(check), check).toMatchObject({ state: 'ok' })
    }
    expect(of('permission cvm:AllocateAddresses')).toMatchObject({ state: 'ok' })
    expect(of('cluster')).toMatchObject({
      state: 'not checked',
      says: expect.stringContaining('set POD_EIP_CLUSTER=kubernetes and KUBECONFIG'),
    })
    expect(cloud.region().ledger()).toEqual([])
  })

  test('a missing permission fails and is named with the policy; quotas warn before they are used up', async () => {
    cloud.denyKey('AKIDsimulated', ['ReleaseAddresses'])
    cloud.configure({ quotas: { total: 0, daily: 40 } })
    const { code, of } = await findings(whole)
    expect(code).toBe(1)
    expect(of('permission cvm:ReleaseAddresses')).toMatchObject({ state: 'fail' })
    expect(of('permission cvm:ReleaseAddresses')!.says).toContain(
      'grant it the policy QcloudAccessForIPAMDRoleInQcloudAllocateEIP in CAM',
    )
    expect(of('permission cvm:AllocateAddresses')).toMatchObject({ state: 'ok' })
    expect(of('quota TOTAL_EIP_QUOTA')).toMatchObject({ state: 'warn' })
    expect(of('quota DAILY_EIP_APPLY')).toMatchObject({ state: 'ok' })
  })

  test('a missing permission that no claim needs warns, and says what does not work', async () => {
    cloud.denyKey('AKIDsimulated', ['DescribeAddressQuota'])
    const { code, of } = await findings(whole)
    expect(code).toBe(0)
    expect(of('permission cvm:DescribeAddressQuota')).toMatchObject({ state: 'warn' })
    expect(of('permission cvm:DescribeAddressQuota')!.says).toContain('everything else works')
    expect(of('quota')).toMatchObject({ state: 'warn' })
  })

  test('the permission to read routes is asked for where egress is kept, and how to grant it is its own', async () => {
    cloud.denyKey('AKIDsimulated', ['DescribeRouteTables'])
    const check = 'permission vpc:DescribeRouteTables'
    expect((await findings(whole)).of(check)).toBeUndefined()
    const { code, of } = await findings({ ...whole, POD_EIP_ENABLE_EGRESS: 'true' })
    expect(code).toBe(0)
    expect(of(check)).toMatchObject({
      state: 'warn',
      says: expect.stringContaining('allow it in a policy of your own in CAM'),
    })
    expect(of('egress')).toMatchObject({ state: 'ok' })
  })

  test.each([
    ['AllocateAddresses', 'cvm:AllocateAddresses', 'no EIP is created'],
    ['DescribeNetworkInterfaces', 'vpc:DescribeNetworkInterfaces', 'no EIP is bound'],
    ['DescribeTaskResult', 'cvm:DescribeTaskResult', 'not known to be bound'],
  ])('without %s it fails, and says what does not work', async (action, camAction, fails) => {
    cloud.denyKey('AKIDsimulated', [action])
    const { code, of } = await findings(whole)
    expect(code).toBe(1)
    expect(of(`permission ${camAction}`)).toMatchObject({
      state: 'fail',
      says: expect.stringContaining(fails),
    })
  })

  test('what is away fails in a sentence, the rest is checked all the same, and no secret is shown', async () => {
    const secret = 'hunter2hunter2'
    const { code, out } = await doctor({
      ...whole,
      DATABASE_URL: `postgres://u:${secret}@127.0.0.1:1/x`,
      REDIS_URL: `redis://:${secret}@127.0.0.1:1`,
      TENCENTCLOUD_SECRET_KEY: secret,
    })
    expect(code).toBe(1)
    expect(out).toMatch(
      /^database +fail +Nothing listens where the database should be; start it, or correct its address\.$/m,
    )
    expect(out).toMatch(/^redis +fail +Nothing listens where the redis should be/m)
    expect(out).toMatch(/^identity +fail .*AuthFailure\.SignatureFailure.*check its secret or role/m)
    expect(out).not.toContain(secret)
  })

  test('what is not configured is not checked, and says what to set', async () => {
    const { code, out } = await doctor({})
    expect(code).toBe(2)
    expect(out).toContain('nothing is configured here, so nothing was checked')
    expect(out.match(/not checked/g)).toHaveLength(4)
    for (const name of ['DATABASE_URL', 'REDIS_URL', 'KUBECONFIG', 'TENCENTCLOUD_REGION']) {
      expect(out).toContain(name)
    }
  })

  test('a Pod without a token of the API server, as the worker is, does not fail for it', async () => {
    const { out } = await doctor({ KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' })
    expect(out).toMatch(/^cluster +not checked .*such as the watcher\.$/m)
  })

  test('a target that never answers is given up', async () => {
    const clock = createVirtualClock(0)
    const silent = { name: 'silent', run: () => new Promise<never>(() => {}) }
    const broken = { name: 'broken', run: () => Promise.reject(new Error('It is broken')) }
    const running = runChecks([silent, broken], clock, new AbortController().signal)
    await clock.runUntil(longestMs)
    expect(await running).toEqual([
      { check: 'silent', state: 'fail', says: expect.stringContaining('did not answer within 30 s') },
      { check: 'broken', state: 'fail', says: 'It is broken.' },
    ])
  })
})
