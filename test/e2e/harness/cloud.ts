import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type Clock, systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import {
  type CloudConfigInput,
  type CloudSimulator,
  createCloudSimulator,
  type RegionControl,
  serveCloudSimulator,
} from '@pod-eip/simulators/cloud'

const account = { uin: '100000000001', secretId: 'AKIDsimulated', secretKey: 'simulated' }
const regionName = 'ap-guangzhou'

/** As in the real cloud, only faster, and with room for the tests. */
const config: CloudConfigInput = {
  accounts: [account],
  regions: [regionName],
  quotas: { total: 200, daily: 2_000 },
  durations: {
    create: [50, 200],
    bind: [50, 200],
    unbind: [50, 200],
    settle: [0, 100],
    release: [50, 200],
    modify: [50, 100],
  },
}

/** A call that arrived at the cloud, whatever became of it. */
export interface ArrivedCall {
  action: string
  /** Milliseconds since the epoch. */
  at: number
}

/** The simulated Tencent Cloud over HTTP, with every call on record. */
export interface TestCloud {
  simulator: CloudSimulator
  region: RegionControl
  calls: readonly ArrivedCall[]
  /** How long this process was deaf at most: a call may be on record that much later than it came, in ms. */
  longestDelayMs(): number
  /** What the services' environment needs to find it. */
  env: Record<string, string>
  close(): Promise<void>
}

/** @param clock the cloud's time */
export async function startCloud(clock: Clock = systemClock): Promise<TestCloud> {
  const simulator = createCloudSimulator({
    clock,
    random: systemRandom,
    ids: systemIds,
    config,
  })
  const calls: ArrivedCall[] = []
  const delays = monitorEventLoopDelay({ resolution: 10 })
  delays.enable()
  const recording: CloudSimulator = Object.assign(Object.create(simulator), {
    drawFate(action: string) {
      calls.push({ action, at: clock.now() })
      return simulator.drawFate(action)
    },
  })
  const served = await serveCloudSimulator(recording, { port: 0 })
  return {
    simulator,
    region: simulator.region(),
    calls,
    longestDelayMs: () => delays.max / 1e6,
    env: {
      POD_EIP_CLOUD_ENDPOINT: served.url,
      TENCENTCLOUD_REGION: regionName,
      // A call that is under way ends soon here, and what is shown is new.
      POD_EIP_CLOUD_SETTLE_TIME: '3s',
      TENCENTCLOUD_SECRET_ID: account.secretId,
      TENCENTCLOUD_SECRET_KEY: account.secretKey,
    },
    async close() {
      delays.disable()
      await served.close()
    },
  }
}
