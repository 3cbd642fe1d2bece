import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { request as requestTls } from 'node:https'

export interface ProxyAnswer {
  status: number
  headers?: Record<string, string>
  body?: string
}

/** Of a request: the resource, and `list`, `watch`, `get` or `write`. */
export function whatIsAsked({ url = '', method }: IncomingMessage): { plural: string; verb: string } {
  const { pathname, searchParams } = new URL(url, 'http://proxy')
  const parts = pathname.split('/').filter((part) => part !== '')
  // api/v1/... or apis/GROUP/VERSION/...
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3)
  const [plural = '', name] = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest
  if (method !== 'GET') return { plural, verb: 'write' }
  if (searchParams.has('watch')) return { plural, verb: 'watch' }
  // Of a list in pages the first one counts; one that looks for a single object is none.
  const isList = name === undefined && !searchParams.has('continue') && !searchParams.has('fieldSelector')
  return { plural, verb: isList ? 'list' : 'get' }
}

/** Whether a line of a watch tells of an object, and is no bookmark. */
export function isChange(line: Buffer): boolean {
  return /^\{"type":"(ADDED|MODIFIED|DELETED)"/.test(line.subarray(0, 40).toString('latin1'))
}

export function answerWith(response: ServerResponse, { status, headers, body = '' }: ProxyAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}

/** Asks the API server what was asked. */
export function passOn(
  { server, ca }: { server: string; ca?: string },
  incoming: IncomingMessage,
  headers: IncomingMessage['headers'],
  onAnswer: (answer: IncomingMessage) => void,
): ClientRequest {
  const url = new URL(incoming.url ?? '/', server)
  const { host: _, ...others } = headers
  const options = { method: incoming.method ?? 'GET', headers: others, agent: false as const }
  const outgoing =
    url.protocol === 'https:'
      ? requestTls(url, { ...options, ca }, onAnswer)
      : request(url, options, onAnswer)
  incoming.pipe(outgoing)
  return outgoing
}
