import { badRequest, type Cause, cause, invalidOptions } from '../store/api-error.ts'
import type { ListQuery } from '../store/list.ts'
import { flagOf, integerOf } from './query-values.ts'

const matches = ['Exact', 'NotOlderThan'] as const

/** The page, and the version, that a list is asked for. @throws ApiError 400, 422 */
export function listOptions(url: URL): Omit<ListQuery, 'namespace'> {
  const { searchParams } = url
  const resourceVersion = searchParams.get('resourceVersion') ?? ''
  const token = searchParams.get('continue')
  const wrong = matchCauses(searchParams, resourceVersion, token)
  if (searchParams.has('sendInitialEvents')) {
    wrong.push(cause.forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  if (wrong.length > 0) throw invalidOptions('ListOptions', wrong)
  if (token && resourceVersion !== '' && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue')
  }
  const match = matches.find((one) => one === searchParams.get('resourceVersionMatch'))
  return {
    limit: integerOf(url, 'limit') ?? 0,
    resourceVersion,
    ...(token ? { continue: token } : {}),
    ...(match ? { resourceVersionMatch: match } : {}),
  }
}

/** Whether a watch begins with what is there: as it says, else where it names no version. @throws ApiError 422 */
export function wantsInitialEvents(url: URL): boolean {
  const { searchParams } = url
  const asked = flagOf(url, 'sendInitialEvents')
  const match = searchParams.get('resourceVersionMatch') ?? ''
  const field = 'resourceVersionMatch'
  const wrong: Cause[] = []
  if (asked === undefined && match !== '') {
    wrong.push(cause.forbidden(field, `${field} is forbidden for watch unless sendInitialEvents is provided`))
  }
  if (asked !== undefined && match === '') {
    wrong.push(cause.forbidden(field, `sendInitialEvents requires setting ${field} to NotOlderThan`))
  }
  if (asked !== undefined && match !== '' && match !== 'NotOlderThan') {
    wrong.push(cause.notSupported(field, match, ['NotOlderThan']))
  }
  if (wrong.length > 0) throw invalidOptions('ListOptions', wrong)
  return asked ?? ['', '0'].includes(searchParams.get('resourceVersion') ?? '')
}

function matchCauses(searchParams: URLSearchParams, resourceVersion: string, token: string | null): Cause[] {
  const field = 'resourceVersionMatch'
  const match = searchParams.get(field) ?? ''
  if (match === '') return []
  const wrong: Cause[] = []
  if (resourceVersion === '') {
    wrong.push(cause.forbidden(field, `${field} is forbidden unless resourceVersion is provided`))
  }
  if (token) wrong.push(cause.forbidden(field, `${field} is forbidden when continue is provided`))
  if (!matches.some((one) => one === match)) wrong.push(cause.notSupported(field, match, matches))
  if (match === 'Exact' && resourceVersion === '0') {
    wrong.push(cause.forbidden(field, `${field} "exact" is forbidden for resourceVersion "0"`))
  }
  return wrong
}
