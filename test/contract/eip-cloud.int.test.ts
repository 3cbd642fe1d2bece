import { createEipCloudOverVpcApi, createTencentVpcApi, fixedCredential, joinedCloud } from '@pod-eip/cloud'
import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { createCloudSimulator, createSimulatedEipCloud, serveCloudSimulator } from '@pod-eip/simulators/cloud'
import { eipCloudContract } from './eip-cloud.contract.ts'

const requestTimeoutMs = 1500

function openSimulator() {
  return createCloudSimulator({
    clock: systemClock,
    random: seededRandom(1),
    ids: seededIds(seededRandom(2)),
    config: {
      quotas: { total: 500, daily: 500 },
      durations: {
        create: [10, 20],
        bind: [10, 20],
        unbind: [10, 20],
        settle: [0, 0],
        release: [10, 20],
        modify: [10, 20],
      },
      // Polling tests are not what a rate limit is for.
      rateLimits: { DescribeAddresses: 1000, DescribeTaskResult: 1000 },
    },
  })
}

eipCloudContract('The EIP cloud of Tencent Cloud, over HTTP', async () => {
  const simulator = openSimulator()
  const served = await serveCloudSimulator(simulator, { port: 0 })
  const { secretId, secretKey } = simulator.config.accounts[0]!
  const cloud = createEipCloudOverVpcApi(
    createTencentVpcApi({
      region: simulator.config.regions[0]!,
      endpoint: served.url,
      credential: fixedCredential({ secretId, secretKey }),
      requestTimeoutMs,
    }),
  )
  return { cloud, simulator, close: () => served.close() }
})

eipCloudContract('The EIP cloud of the state machine', async () => {
  const simulator = openSimulator()
  const cloud = createSimulatedEipCloud(simulator, { clock: systemClock, requestTimeoutMs })
  return { cloud, simulator, close: async () => {} }
})

eipCloudContract('The EIP cloud of the state machine, its calls joined', async () => {
  const simulator = openSimulator()
  const cloud = createSimulatedEipCloud(simulator, { clock: systemClock, requestTimeoutMs })
  return { cloud: joinedCloud(cloud, { clock: systemClock }), simulator, close: async () => {} }
})
