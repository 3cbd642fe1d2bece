import { ApiError } from '../requests/api-error.ts'
import type { Filters } from '../requests/schemas.ts'
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

/** The moment whose state a Describe action shows. */
export function seenAt(call: Call): number {
  const { staleReadMs, historyMs } = call.config
  return call.now - Math.min(historyMs, Math.max(staleReadMs, call.fate.staleReadMs))
}
