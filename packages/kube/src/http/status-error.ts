import { z } from 'zod'
import { KubeError } from '../cluster.ts'

const statusObject = z.object({
  kind: z.literal('Status'),
  code: z.number().int().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z.object({ retryAfterSeconds: z.number().optional() }).nullish(),
})

/** The error that an answer's body tells, or what can be told when it is not a Status object. */
export function errorFromAnswer(
  request: string,
  status: number,
  headers: Record<string, string | string[] | undefined>,
  body: string,
): KubeError {
  const retryAfter = retryAfterSeconds(headers)
  const told = statusObject.safeParse(parsedOrUndefined(body))
  if (told.success) {
    const { reason, message, details } = told.data
    const wait = retryAfter ?? details?.retryAfterSeconds
    return new KubeError(status, reason ?? reasonOf(status), message ?? `${request}: HTTP ${status}`, wait)
  }
  const text = body.trim().slice(0, 200)
  return new KubeError(
    status,
    reasonOf(status),
    `${request}: HTTP ${status}${text && `: ${text}`}`,
    retryAfter,
  )
}

/**
 * API servers give seconds; what stands before them may give a date, which is compared with the clock of the same
 * answer.
 */
function retryAfterSeconds(headers: Record<string, string | string[] | undefined>): number | undefined {
  const { 'retry-after': asked, date } = headers
  if (typeof asked !== 'string' || asked.trim() === '') return undefined
  const seconds = /^\d+$/.test(asked) ? Number(asked) : (Date.parse(asked) - Date.parse(String(date))) / 1000
  return seconds >= 0 ? seconds : undefined
}

/** The error in a watch event of type ERROR. */
export function errorFromWatchEvent(request: string, object: unknown): KubeError {
  const told = statusObject.safeParse(object)
  if (!told.success)
    return new KubeError(0, 'Unknown', `${request}: the server sent an error without a Status`)
  const { code, reason, message, details } = told.data
  const status = code ?? 0
  const text = message ?? `${request}: the server ended the watch with an error`
  return new KubeError(status, reason ?? reasonOf(status), text, details?.retryAfterSeconds)
}

/** No answer, or a broken one: the request may have taken effect. */
export function connectionError(request: string, cause: unknown): KubeError {
  const { code, name, message } = cause as { code?: string; name?: string; message?: string }
  const timedOut = name === 'TimeoutError' || /TIMEOUT/.test(code ?? '')
  const what = timedOut ? 'no answer in time' : message || code || 'the connection failed'
  const error = new KubeError(0, timedOut ? 'Timeout' : 'ConnectionFailed', `${request}: ${what}`)
  error.cause = cause
  return error
}

/** For answers without a reason (those of a proxy, mostly): the one that the API machinery would give. */
function reasonOf(status: number): string {
  switch (status) {
    case 400:
      return 'BadRequest'
    case 401:
      return 'Unauthorized'
    case 403:
      return 'Forbidden'
    case 404:
      return 'NotFound'
    case 409:
      return 'Conflict'
    case 410:
      return 'Expired'
    case 422:
      return 'Invalid'
    case 429:
      return 'TooManyRequests'
    case 500:
      return 'InternalError'
    case 503:
      return 'ServiceUnavailable'
    case 504:
      return 'Timeout'
    default:
      return 'Unknown'
  }
}

function parsedOrUndefined(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
