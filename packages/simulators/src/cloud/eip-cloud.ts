import {
  type CallVpcApi,
  CloudError,
  classifyErrorCode,
  createEipCloudOverVpcApi,
  type EipCloud,
  noAnswer,
  notSent,
} from '@pod-eip/cloud'
import type { Clock } from '@pod-eip/runtime'
import type { CallFate } from './faults/fault-switches.ts'
import type { ApiAnswer, CloudSimulator } from './simulator.ts'

export interface SimulatedEipCloudOptions {
  clock: Clock
  /** The caller's uin; default: the first account. */
  account?: string
  /** Whose key it is that calls, for what CAM denies it. */
  secretId?: string
  /** Default: the first region. */
  region?: string
  /** How long to wait for an answer that never comes. */
  requestTimeoutMs?: number
}

/**
 * The EIP cloud over the state machine itself, without HTTP: the same faults, on the same clock. A call
 * takes no time unless a fault says so.
 */
export function createSimulatedEipCloud(
  simulator: CloudSimulator,
  options: SimulatedEipCloudOptions,
): EipCloud {
  return createEipCloudOverVpcApi(simulatedVpcApi(simulator, options))
}

/** The calls themselves, for what needs them beside the port. */
export function simulatedVpcApi(
  simulator: CloudSimulator,
  {
    clock,
    account = simulator.config.accounts[0]!.uin,
    secretId,
    region = simulator.config.regions[0]!,
    requestTimeoutMs = 10_000,
  }: SimulatedEipCloudOptions,
): CallVpcApi {
  return async (action, request, signal) => {
    if (signal?.aborted) throw notSent(action, 'it was cancelled before')
    const fate = simulator.drawFate(action)
    const carryOut = () =>
      simulator.call(
        {
          ...{ account, region, action, version: '2017-03-12', body: request },
          ...(secretId !== undefined && { secretId }),
        },
        fate,
      )
    const answer = answerOf(action, fate, carryOut, clock)
    return takesTime(fate)
      ? await withPatience(action, answer, requestTimeoutMs, clock, signal)
      : await answer
  }
}

function takesTime({ delayBeforeMs, delayAfterMs, delivery }: CallFate): boolean {
  return delayBeforeMs + delayAfterMs > 0 || (delivery.kind === 'lost' && delivery.how === 'hang')
}

/** The answer as it reaches the caller, if it does. */
async function answerOf(
  action: string,
  fate: CallFate,
  carryOut: () => ApiAnswer,
  clock: Clock,
): Promise<ApiAnswer> {
  const { delivery, delayBeforeMs, delayAfterMs } = fate
  if (delayBeforeMs > 0) await clock.sleep(delayBeforeMs)
  if ((delivery.kind === 'lost' || delivery.kind === 'http-error') && !delivery.carriedOut) {
    return await lose(action, delivery)
  }
  const answer = carryOut()
  if (delayAfterMs > 0) await clock.sleep(delayAfterMs)
  if (delivery.kind !== 'answer') return await lose(action, delivery)
  if (!answer.Error) return answer
  const { Code, Message } = answer.Error
  throw new CloudError(classifyErrorCode(Code), Code, `${action}: ${Code}: ${Message}`, answer.RequestId)
}

function lose(action: string, delivery: Exclude<CallFate['delivery'], { kind: 'answer' }>): Promise<never> {
  switch (delivery.kind) {
    case 'lost':
      return delivery.how === 'hang'
        ? new Promise(() => {})
        : Promise.reject(noAnswer(action, 'the connection was closed'))
    case 'http-error':
      return Promise.reject(noAnswer(action, `HTTP ${delivery.status}`))
    case 'malformed':
      return Promise.reject(noAnswer(action, 'it is not as documented'))
  }
}

/** The caller stops waiting after a while, or when told to; the call goes its way all the same. */
async function withPatience<T>(
  action: string,
  answer: Promise<T>,
  timeoutMs: number,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<T> {
  const answered = new AbortController()
  const stop = signal ? AbortSignal.any([signal, answered.signal]) : answered.signal
  const giveUp = clock.sleep(timeoutMs, stop).then(() => {
    throw noAnswer(action, signal?.aborted ? 'the wait for it was cancelled' : `none came in ${timeoutMs} ms`)
  })
  try {
    return await Promise.race([answer, giveUp])
  } finally {
    answered.abort()
  }
}
