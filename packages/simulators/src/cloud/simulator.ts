import type { Clock, Ids, Random } from '@pod-eip/runtime'
import type { Answer, Call } from './actions/call.ts'
import { runAction } from './actions/run-action.ts'
import { finishDueTasks } from './addresses/tasks.ts'
import {
  type CloudConfig,
  type CloudConfigInput,
  type CloudConfigPatch,
  cloudConfigSchema,
  patchConfig,
} from './config.ts'
import { type CallFate, createFaultSwitches, type FaultSwitches, noFault } from './faults/fault-switches.ts'
import { createRegionControl, type RegionControl } from './region-control.ts'
import { ApiError } from './requests/api-error.ts'
import { authorize } from './requests/authorize.ts'
import { createRateMeter } from './requests/rate-meter.ts'
import { isAction } from './requests/schemas.ts'
import { type AccountState, type CloudState, emptyState } from './state/state.ts'
import { regionOf, type World } from './state/world.ts'

/** A call as it arrives behind the signature check. */
export interface ApiCall {
  /** The caller's uin. */
  account: string
  /** Whose key signed it; absent: somebody to whom nothing is denied but what the account is. */
  secretId?: string
  region: string
  action: string
  version: string
  /** The request's JSON body. */
  body: unknown
}

/** The content of `Response`. */
export type ApiAnswer = { RequestId: string; Error?: { Code: string; Message: string } } & Answer

/**
 * The EIP part of Tencent Cloud as a state machine: synchronous, with time, randomness and ids passed
 * in, so that the same seed brings the same story. Work that takes time is finished when the machine is
 * next looked at, as of the moment when it was due.
 */
export interface CloudSimulator {
  /** Draws what befalls the next call of the action; the shell around the machine delays and loses. */
  drawFate(action: string): CallFate
  /** Carries the call out. Never throws: errors are answers. */
  call(call: ApiCall, fate?: CallFate): ApiAnswer
  /** Calls that arrived so far, by action, refused ones included. */
  requests(): Record<string, number>
  /** The world around the API: instances, network interfaces, marks, ledger. Defaults: first account, first region. */
  region(options?: { account?: string; region?: string }): RegionControl
  /** Money and permissions of an account (default: the first). */
  setAccount(change: Partial<AccountState>, account?: string): AccountState
  /** What CAM does not allow one key, from now on. @throws Error when there is no such key */
  denyKey(secretId: string, deniedActions: string[]): void
  readonly faults: FaultSwitches
  readonly config: CloudConfig
  /** Changes the behaviour from now on. Not part of a snapshot. */
  configure(patch: CloudConfigPatch): CloudConfig
  /** All that it remembers, as plain JSON of its own. */
  snapshot(): CloudState
  /** Forgets everything, faults included. */
  reset(): void
  /** Called after each change; ends with the returned function. */
  onChange(listener: () => void): () => void
  now(): number
  nextId(): string
}

export interface CloudSimulatorOptions {
  clock: Pick<Clock, 'now'>
  random: Random
  ids: Ids
  config?: CloudConfigInput
  /** Of an earlier run; work that was under way goes on. */
  snapshot?: CloudState
}

const apiVersion = '2017-03-12'

export function createCloudSimulator(options: CloudSimulatorOptions): CloudSimulator {
  const { clock, random, ids } = options
  let config = cloudConfigSchema.parse(options.config ?? {})
  let state: CloudState = options.snapshot ? structuredClone(options.snapshot) : emptyState()
  const faults = createFaultSwitches(random)
  const rates = createRateMeter()
  const arrived = new Map<string, number>()
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }

  const accountOf = (uin: string): AccountState => {
    if (!config.accounts.some((account) => account.uin === uin)) {
      throw new Error(`There is no account ${uin}: name it in the configuration`)
    }
    state.accounts[uin] ??= { balanceInsufficient: false, deniedActions: [] }
    return state.accounts[uin]
  }

  const deniedTo = ({ secretId = '' }: Pick<ApiCall, 'secretId'>): readonly string[] =>
    state.deniedByKey?.[secretId] ??
    config.accounts.find((key) => key.secretId === secretId)?.deniedActions ??
    []

  /** The region as it is at `now`. */
  const enter = (uin: string, region: string, now: number): World => {
    accountOf(uin)
    const world: World = { state, region: regionOf(state, uin, region), config, random, ids }
    if (finishDueTasks(world, now)) changed()
    return world
  }

  const answer = (call: ApiCall, fate: CallFate, requestId: string): Answer => {
    const { account, region, action, version, body } = call
    const now = clock.now()
    if (version !== apiVersion) {
      throw new ApiError('NoSuchVersion', `The API version ${version} does not exist; use ${apiVersion}.`)
    }
    if (!isAction(action)) {
      throw new ApiError('InvalidAction', `The action \`${action}\` is invalid or not found.`)
    }
    if (!config.regions.includes(region)) {
      throw new ApiError('UnsupportedRegion', `The region \`${region}\` is not supported.`)
    }
    const limit = config.rateLimits[action]
    const rate = rates.admit(`${account}/${region}/${action}`, limit, now)
    if (!rate.admitted) {
      throw new ApiError(
        'RequestLimitExceeded',
        `Your current request times equals to \`${rate.times}\` in a second, which exceeds the frequency limit \`${limit}\` for a second. Please reduce the frequency of calls.`,
      )
    }
    authorize({ account, region, action, denied: [...accountOf(account).deniedActions, ...deniedTo(call)] })
    if (fate.error) throw new ApiError(fate.error.code, fate.error.message)
    const world = enter(account, region, now)
    const context: Call = { ...world, now, requestId, account: accountOf(account), fate }
    return runAction(action, context, body)
  }

  return {
    faults,
    get config() {
      return config
    },
    drawFate: (action) => faults.draw(action),
    call(call, fate = noFault) {
      const RequestId = ids.next()
      arrived.set(call.action, (arrived.get(call.action) ?? 0) + 1)
      try {
        const result = { ...answer(call, fate, RequestId), RequestId }
        if (!call.action.startsWith('Describe')) changed()
        return result
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        return { Error: { Code: error.code, Message: error.message }, RequestId }
      }
    },
    requests: () => Object.fromEntries(arrived),
    region({ account = config.accounts[0]!.uin, region = config.regions[0]! } = {}) {
      if (!config.regions.includes(region)) {
        throw new Error(`There is no region ${region}: take one of ${config.regions.join(', ')}`)
      }
      return createRegionControl(() => enter(account, region, clock.now()), clock, changed)
    },
    setAccount(change, account = config.accounts[0]!.uin) {
      Object.assign(accountOf(account), change)
      changed()
      return { ...accountOf(account) }
    },
    denyKey(secretId, deniedActions) {
      if (!config.accounts.some((key) => key.secretId === secretId)) {
        throw new Error(`There is no key ${secretId}: name it in the configuration`)
      }
      state.deniedByKey = { ...state.deniedByKey, [secretId]: deniedActions }
      changed()
    },
    configure(patch) {
      config = patchConfig(config, patch)
      return config
    },
    snapshot: () => structuredClone(state),
    reset() {
      state = emptyState()
      faults.clear()
      changed()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    now: () => clock.now(),
    nextId: () => ids.next(),
  }
}
