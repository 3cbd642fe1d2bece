import type { IncomingMessage, ServerResponse } from 'node:http'
import { systemClock } from '@pod-eip/runtime'
import type { MalformedBody } from '../faults/fault.ts'
import type { CallFate } from '../faults/fault-switches.ts'
import { ApiError } from '../requests/api-error.ts'
import type { ApiAnswer, CloudSimulator } from '../simulator.ts'
import { parseJson, readBody } from './read-body.ts'
import { authenticate } from './tc3-signature.ts'

/**
 * Answers one call of the API: POST `/`, action and version in X-TC-* headers, always HTTP 200. Waits
 * that a fault asks for end when the server closes.
 */
export async function answerApi(
  simulator: CloudSimulator,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const bytes = await readBody(request)
  const action = header(request, 'x-tc-action')
  const fate = simulator.drawFate(action)
  if (fate.delayBeforeMs > 0) await systemClock.sleep(fate.delayBeforeMs, closing)
  const { delivery } = fate
  const skipped = (delivery.kind === 'lost' || delivery.kind === 'http-error') && !delivery.carriedOut
  const answer = skipped ? undefined : carryOut(simulator, request, bytes, fate)
  if (fate.delayAfterMs > 0) await systemClock.sleep(fate.delayAfterMs, closing)
  deliver(response, delivery, answer)
}

function carryOut(
  simulator: CloudSimulator,
  request: IncomingMessage,
  bytes: Buffer | undefined,
  fate: CallFate,
): ApiAnswer {
  try {
    if (!bytes) throw new ApiError('RequestSizeLimitExceeded', 'The request is larger than 10 MB.')
    const key = authenticate(request.headers, bytes, simulator.config.accounts, simulator.now())
    const body = parseJson(bytes)
    if (body === undefined) throw new ApiError('InvalidParameter', 'The body of the request is not JSON.')
    for (const name of ['x-tc-action', 'x-tc-version', 'x-tc-region']) {
      if (!header(request, name)) {
        throw new ApiError('MissingParameter', `The request is missing the header \`${name}\`.`)
      }
    }
    return simulator.call(
      {
        account: key.uin,
        secretId: key.secretId,
        region: header(request, 'x-tc-region'),
        action: header(request, 'x-tc-action'),
        version: header(request, 'x-tc-version'),
        body,
      },
      fate,
    )
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { Error: { Code: error.code, Message: error.message }, RequestId: simulator.nextId() }
  }
}

function deliver(
  response: ServerResponse,
  delivery: CallFate['delivery'],
  answer: ApiAnswer | undefined,
): void {
  switch (delivery.kind) {
    case 'answer':
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ Response: answer }))
      break
    case 'lost':
      // An open connection that never says anything is what `hang` means.
      if (delivery.how === 'close') response.socket?.destroy()
      break
    case 'http-error':
      response.writeHead(delivery.status, { 'content-type': 'text/html' })
      response.end(gatewayPage)
      break
    case 'malformed':
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(malformed(delivery.body, answer))
      break
  }
}

const gatewayPage = '<html><body><h1>Bad gateway</h1></body></html>'

function malformed(kind: MalformedBody, answer: ApiAnswer | undefined): string {
  switch (kind) {
    case 'html':
      return gatewayPage
    case 'no-response':
      return '{}'
    case 'truncated':
      return JSON.stringify({ Response: answer }).slice(0, -8)
    case 'empty-response':
      return '{"Response":{}}'
  }
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}
