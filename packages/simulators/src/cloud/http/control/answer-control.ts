import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod'
import type { CloudSimulator } from '../../simulator.ts'
import { parseJson, readBody } from '../read-body.ts'
import type { ControlRoute } from './control-route.ts'
import { controlRoutes } from './control-routes.ts'

/** Answers what is asked below `/_sim`, in JSON; what cannot be done is 400 or 404 with one sentence. */
export async function answerControl(
  simulator: CloudSimulator,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const bytes = await readBody(request)
  const body = bytes && parseJson(bytes)
  const found = findRoute(request.method ?? '', url.pathname)
  if (!found) {
    return send(response, 404, { error: `There is no ${request.method} ${url.pathname}; see GET /_sim` })
  }
  if (body === undefined) return send(response, 400, { error: 'The body is not JSON' })
  try {
    const { route, path } = found
    send(response, 200, route.handle({ simulator, path, query: url.searchParams, body }))
  } catch (error) {
    send(response, 400, { error: error instanceof z.ZodError ? z.prettifyError(error) : String(error) })
  }
}

function findRoute(
  method: string,
  pathname: string,
): { route: ControlRoute; path: Record<string, string> } | undefined {
  for (const route of controlRoutes) {
    const path = route.method === method && matchPath(`/_sim${route.pattern}`, pathname.replace(/\/$/, ''))
    if (path) return { route, path }
  }
  return undefined
}

function matchPath(pattern: string, pathname: string): Record<string, string> | undefined {
  const wanted = pattern.split('/')
  const parts = pathname.split('/').map(decodeURIComponent)
  if (wanted.length !== parts.length) return undefined
  const path: Record<string, string> = {}
  for (const [index, want] of wanted.entries()) {
    if (want.startsWith(':')) path[want.slice(1)] = parts[index]!
    else if (want !== parts[index]) return undefined
  }
  return path
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(`${JSON.stringify(body, null, 2)}\n`)
}
