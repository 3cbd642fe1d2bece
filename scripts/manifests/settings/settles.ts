import { usualSettleMs } from '@pod-eip/cloud-calls'
import { assertSettles, workerSettings } from '@pod-eip/worker'

const [time, endpoint] = [workerSettings.settleMs.env, workerSettings.endpoint.env]

/** What a worker says of a time to settle that is too short for Tencent Cloud; a sample shows where the time stands. */
function sentence(): string {
  try {
    assertSettles({ settleMs: 2_500, endpoint: undefined })
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('2.5 s are taken for long enough')
}

/** That rule for the chart: `%s` for the name of what was set, `%v` for its seconds. */
export const settlesUnless = {
  of: time,
  rule: {
    variable: endpoint,
    minMs: usualSettleMs,
    // The value of the chart that sets the other variable.
    message: sentence().replace(time, '%s').replace(' 2.5 s', ' %v s').replace(endpoint, 'cloud.endpoint'),
  },
}
