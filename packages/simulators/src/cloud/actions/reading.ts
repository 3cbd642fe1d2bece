import { ApiError } from '../requests/api-error.ts'
import type { Filters } from '../requests/schemas.ts'
import { asOf } from '../state/history.ts'
import type { SimulatedAddress, SimulatedNetworkInterface } from '../state/state.ts'
import type { Call } from './call.ts'

/** By filter name; `tag:` stands for every `tag:<key>` and gets the key. */
export type Matchers<T> = Record<string, (entry: T, values: string[], key: string) => boolean>

/** AND between filters; what the values of one mean is the matcher's. */
export function matchesAll<T>(entry: T, filters: Filters, matchers: Matchers<T>): boolean {
  return filters.every(({ Name, Values }) => {
    const key = Name.startsWith('tag:') ? Name.slice('tag:'.length) : ''
    const name = key ? 'tag:' : Name
    if (!Object.hasOwn(matchers, name)) {
      throw new ApiError('InvalidParameter.FilterInvalidKey', `There is no filter \`${Name}\`.`)
    }
    return matchers[name]!(entry, Values, key)
  })
}

/** The region's addresses and network interfaces as Describe actions show them at this moment. */
export function seenBy(call: Call): {
  addresses: SimulatedAddress[]
  networkInterfaces: SimulatedNetworkInterface[]
} {
  const { region, config, fate, now } = call
  const staleMs = Math.min(config.historyMs, Math.max(config.staleReadMs, fate.staleReadMs))
  if (staleMs === 0) {
    return {
      addresses: Object.values(region.addresses),
      networkInterfaces: Object.values(region.networkInterfaces),
    }
  }
  return {
    addresses: asOf(region.addressHistory, now - staleMs),
    networkInterfaces: asOf(region.networkInterfaceHistory, now - staleMs),
  }
}
