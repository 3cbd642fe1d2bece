import { seededIds, seededRandom } from '@pod-eip/runtime'
import type { CloudConfigInput } from './config.ts'
import { type CloudSimulator, createCloudSimulator } from './simulator.ts'
import type { CloudState } from './state/state.ts'

/** 20:00 in Beijing. */
export const start = Date.UTC(2030, 0, 1, 12)

/** One second for everything, so that times can be told. */
const durations = {
  create: [1000, 1000],
  bind: [1000, 1000],
  unbind: [1000, 1000],
  settle: [500, 500],
  release: [1000, 1000],
  modify: [1000, 1000],
} satisfies CloudConfigInput['durations']

/** A simulator on a clock that is moved by hand. */
export function openSimulator(config: CloudConfigInput = {}, snapshot?: CloudState, from = start) {
  let now = from
  const simulator = createCloudSimulator({
    clock: { now: () => now },
    random: seededRandom(1),
    ids: seededIds(seededRandom(2)),
    config: { durations, ...config },
    ...(snapshot && { snapshot }),
  })
  return {
    simulator,
    region: simulator.region(),
    pass(ms: number) {
      now += ms
    },
    call: (action: string, body: unknown = {}) => call(simulator, action, body),
  }
}

function call(simulator: CloudSimulator, action: string, body: unknown) {
  return simulator.call(
    { account: '100000000001', region: 'ap-guangzhou', action, version: '2017-03-12', body },
    simulator.drawFate(action),
  )
}

/** The code of an error answer. */
export const codeOf = (answer: { Error?: { Code: string } }) => answer.Error?.Code

/** An EIP on eni-1 10.0.0.1, bound since one second. */
export function openBound() {
  const opened = openSimulator()
  opened.region.upsertNetworkInterface({ networkInterfaceId: 'eni-1', privateIps: ['10.0.0.1'] })
  const [addressId] = opened.call('AllocateAddresses').AddressSet as string[]
  opened.pass(1000)
  const bind = { AddressId: addressId, NetworkInterfaceId: 'eni-1', PrivateIpAddress: '10.0.0.1' }
  opened.call('AssociateAddress', bind)
  opened.pass(1000)
  return { ...opened, addressId: addressId!, bind }
}
