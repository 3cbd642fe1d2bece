import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { parseDocument } from 'yaml'
import { badRequest } from '../store/api-error.ts'
import { isObject, type JsonObject } from '../store/json.ts'
import { isProtobuf, readProtobuf } from './protobuf/read-protobuf.ts'

/** One request and its answer. */
export interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  method: string
  url: URL
  /** What the client is warned of, in the answer's headers. */
  warnings: string[]
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
  { response, warnings }: Exchange,
  code: number,
  body: object,
  contentType = 'application/json',
): void {
  const bytes = Buffer.from(`${JSON.stringify(body)}\n`)
  if (warnings.length > 0) {
    response.setHeader(
      'warning',
      warnings.map((text) => `299 - ${JSON.stringify(text)}`),
    )
  }
  response.writeHead(code, { 'content-type': contentType, 'content-length': bytes.length })
  response.end(bytes)
}
