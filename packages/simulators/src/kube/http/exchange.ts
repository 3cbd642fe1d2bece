import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { parseDocument } from 'yaml'
import { badRequest } from '../store/api-error.ts'
import { isObject, type JsonObject } from '../store/json.ts'
import type { WriteOptions } from '../store/operations.ts'
import { isProtobuf, readProtobuf } from './protobuf/read-protobuf.ts'

/** One request and its answer. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  method: string
  url: URL
}

/** The body from JSON, YAML or protobuf; undefined when there is none. @throws ApiError 400 */
export async function readBody({ request }: Exchange): Promise<unknown> {
  const bytes = await buffer(request)
  if (isProtobuf(bytes)) return readProtobuf(bytes)
  const body = bytes.toString('utf8')
  if (body.trim() === '') return undefined
  try {
    return body.trimStart().startsWith('{') ? JSON.parse(body) : parseDocument(body).toJS()
  } catch (error) {
    throw badRequest(`the body is neither JSON nor YAML: ${error instanceof Error ? error.message : error}`)
  }
}

/** The body, which must be an object. */
export async function readObjectBody(exchange: Exchange): Promise<JsonObject> {
  const body = await readBody(exchange)
  if (!isObject(body)) throw badRequest('the body must be an object')
  return body
}

export function answer(
  { response }: Exchange,
  code: number,
  body: object,
  contentType = 'application/json',
): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`)
  response.writeHead(code, { 'content-type': contentType, 'content-length': bytes.length })
  response.end(bytes)
}

/** How something is written, by the query and the client's name for itself. */
export function writeOptions({ url, request }: Exchange): WriteOptions {
  const validation = url.searchParams.get('fieldValidation')
  const agent = String(request.headers['user-agent'] ?? 'unknown').split('/')[0] ?? 'unknown'
  return {
    fieldManager: url.searchParams.get('fieldManager') || agent,
    dryRun: url.searchParams.getAll('dryRun').includes('All'),
    ...(validation === 'Strict' || validation === 'Warn' || validation === 'Ignore'
      ? { fieldValidation: validation }
      : {}),
  }
}
