import type { PermissionProbe, ProbedPermission } from '@pod-eip/cloud'
import type { Logger } from '@pod-eip/runtime'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { expect, test } from 'vitest'
import { watchPermissions } from '../src/watch-permissions.ts'

const clock = createVirtualClock(0)
const answer = (action: string, state: ProbedPermission['state']) =>
  ({ action, camAction: `cvm:${action}`, state, code: '', message: '', requestId: 'r' }) as ProbedPermission

test('each missing action is told once, and once more when it is granted; then nobody asks any more', async () => {
  const answers = [
    [answer('AllocateAddresses', 'unknown'), answer('ReleaseAddresses', 'unknown')],
    [answer('AllocateAddresses', 'missing'), answer('ReleaseAddresses', 'missing')],
    [answer('AllocateAddresses', 'granted'), answer('ReleaseAddresses', 'missing')],
    [answer('AllocateAddresses', 'granted'), answer('ReleaseAddresses', 'granted')],
  ]
  let probes = 0
  const probe: PermissionProbe = { probe: async () => answers[probes++]! }
  const told: string[] = []
  const say = (_: object, text: string) => void told.push(text)
  const logger = { error: say, info: say } as unknown as Logger
  const watch = watchPermissions({ probe, clock, logger })
  expect(watch.missing()).toBeNull()
  const running = watch.run(new AbortController().signal)
  await clock.runUntil(299_000)
  expect(watch.missing()).toBeNull()
  await clock.runUntil(301_000)
  expect(watch.missing()).toEqual(['cvm:AllocateAddresses', 'cvm:ReleaseAddresses'])
  await clock.runUntil(10_000_000)
  await running
  expect(probes).toBe(4)
  expect(watch.missing()).toEqual([])
  expect(told).toEqual([
    expect.stringContaining('may not cvm:AllocateAddresses, so no EIP is created'),
    expect.stringContaining('may not cvm:ReleaseAddresses, so no EIP is released'),
    'the cloud identity may cvm:AllocateAddresses now',
    'the cloud identity may cvm:ReleaseAddresses now',
  ])
})

test('ends with the signal', async () => {
  const stop = new AbortController()
  const probe: PermissionProbe = { probe: async () => [answer('AllocateAddresses', 'missing')] }
  const logger = { error: () => {}, info: () => {} } as unknown as Logger
  const running = watchPermissions({ probe, clock, logger }).run(stop.signal)
  await clock.runUntil(clock.now() + 1_000)
  stop.abort()
  await clock.runUntil(clock.now() + 1_000)
  await running
})
