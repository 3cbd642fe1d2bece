import {
  type CallVpcApi,
  createPermissionProbe,
  createTencentVpcApi,
  egressActions,
  fixedCredential,
  type ProbedPermission,
  probedActions,
} from '@pod-eip/cloud'
import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { createCloudSimulator, serveCloudSimulator, simulatedVpcApi } from '@pod-eip/simulators/cloud'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'

const clock = systemClock
const simulator = createCloudSimulator({
  clock,
  random: seededRandom(1),
  ids: seededIds(seededRandom(2)),
})
const served = await serveCloudSimulator(simulator, { port: 0 })
afterAll(() => served.close())
beforeEach(() => {
  simulator.reset()
  // The probes of one test are not throttled because of those of another.
  const fast = Object.fromEntries(probedActions.map((action) => [action, 1000]))
  simulator.configure({ rateLimits: fast })
})

const overHttp = (secretKey = 'simulated', endpoint = served.url): CallVpcApi =>
  createTencentVpcApi({
    ...{ region: 'ap-guangzhou', endpoint, requestTimeoutMs: 2_000 },
    credential: fixedCredential({ secretId: 'AKIDsimulated', secretKey }),
  })
const inProcess = simulatedVpcApi(simulator, { clock, secretId: 'AKIDsimulated' })

const states = (found: ProbedPermission[]) => Object.fromEntries(found.map((p) => [p.camAction, p.state]))

describe.each([
  ['over HTTP', overHttp()],
  ['in one process', inProcess],
])('the probe of permissions, %s', (_, call) => {
  test('where everything is allowed: all granted, and nothing in the cloud has changed', async () => {
    const before = simulator.snapshot()
    const found = await createPermissionProbe(call).probe()
    expect(new Set(found.map((p) => p.state))).toEqual(new Set(['granted']))
    expect(found.map((p) => p.action)).toEqual(probedActions)
    const after = simulator.snapshot()
    expect(simulator.region().ledger()).toEqual([])
    expect({ ...after, accounts: {}, regions: {} }).toEqual({ ...before, accounts: {}, regions: {} })
    expect(simulator.region().quotas().daily.used).toBe(0)
  })

  test.each([...probedActions, ...egressActions])(
    'names %s when it is denied, and nothing else',
    async (action) => {
      simulator.denyKey('AKIDsimulated', [action])
      const all = [...probedActions, ...egressActions]
      const found = await createPermissionProbe(call, undefined, all).probe()
      const missing = found.filter((p) => p.state !== 'granted')
      expect(missing).toMatchObject([{ action, state: 'missing', code: 'UnauthorizedOperation' }])
      expect(missing[0]!.message).toContain(missing[0]!.camAction)
      expect(missing[0]!.requestId).not.toBe('')
      expect(simulator.region().addresses()).toEqual([])
    },
  )
})

test('a key that is wrong, or a cloud that is away, says nothing of permissions', async () => {
  const wrongKey = await createPermissionProbe(overHttp('wrong')).probe()
  expect(new Set(wrongKey.map((p) => p.state))).toEqual(new Set(['unknown']))
  expect(wrongKey[0]!.code).toBe('AuthFailure.SignatureFailure')
  const away = await createPermissionProbe(overHttp('simulated', 'http://127.0.0.1:1')).probe()
  expect(states(away)).toMatchObject({ 'cvm:AllocateAddresses': 'unknown' })
})
