import type { NameRequest } from '../wire/http-wire.ts'

/** Names a call of Tencent Cloud by its action. */
export const callsOfCloud: NameRequest = ({ headers }) => {
  const action = headers['x-tc-action']
  return typeof action === 'string' ? action : null
}

/** Names a request to the API server: `list pods`, `watch pods`, `get pods`, `patch eipclaims/status`. */
export const requestsOfCluster: NameRequest = ({ url = '', method = 'GET' }) => {
  const { pathname, searchParams } = new URL(url, 'http://wire')
  const parts = pathname.split('/').filter((part) => part !== '')
  // api/v1/… or apis/GROUP/VERSION/…
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3)
  const [plural, name, subresource] = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest
  if (plural === undefined) return null
  if (method !== 'GET') return `${method.toLowerCase()} ${plural}${subresource ? `/${subresource}` : ''}`
  if (searchParams.has('watch')) return `watch ${plural}`
  return `${name === undefined ? 'list' : 'get'} ${plural}`
}
