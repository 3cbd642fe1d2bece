import * as z from 'zod'
import { CloudError, noAnswer, notSent } from '../cloud-error.ts'
import { classifyErrorCode } from './classify-error.ts'

/** Fields of the SDK's exception; `code` is set only by an error answer of the API. */
const sdkException = z.object({
  message: z.string(),
  code: z.string().min(1).optional(),
  requestId: z.string().optional(),
  httpCode: z.number().optional(),
})

/** The connection was never made, so nothing can have happened. The SDK keeps only the message. */
const neverConnected = /\bconnect E[A-Z]+|\bgetaddrinfo E[A-Z_]+/

/**
 * What a failed SDK call means. The SDK throws its exception with a code for an error answer, without
 * one for an HTTP status other than 200, a timeout and a broken connection, and whatever the parser
 * throws for an answer that is not JSON or has no `Response`.
 */
export function translateSdkError(action: string, error: unknown): CloudError {
  const known = sdkException.safeParse(error)
  if (!known.success) return noAnswer(action, String(error))
  const { message, code, requestId, httpCode } = known.data
  if (code !== undefined && requestId !== undefined) {
    return new CloudError(classifyErrorCode(code), code, `${action}: ${code}: ${message}`, requestId)
  }
  // A gateway that answers 502 or 504 may have passed the call on.
  if (httpCode !== undefined) return noAnswer(action, `HTTP ${httpCode} ${message}`.trim())
  if (neverConnected.test(message)) return notSent(action, message)
  return noAnswer(action, message)
}
