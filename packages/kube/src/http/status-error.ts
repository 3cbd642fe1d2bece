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
    const says = message ?? `${request}: HTTP ${status}`
    const text =
      status === 401
        ? `${request}: ${says}: the API server does not know the token or certificate of this process; renew it`
        : says
    return new KubeError(status, reason ?? reasonOf(status), text, wait)
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

/** Codes with which TLS does not trust the API server's certificate. */
const untrusted =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE|CERT_SIGNATURE_FAILURE)$/

/** No answer, or a broken one: the request may have taken effect. */
export function connectionError(request: string, cause: unknown): KubeError {
  const { code, name, message } = cause as { code?: string; name?: string; message?: string }
  const timedOut = name === 'TimeoutError' || /TIMEOUT/.test(code ?? '')
  const distrust = untrusted.test(code ?? '')
    ? ` (${code}); give the authority that signed it in the kubeconfig's certificate-authority-data, or in ca.crt of the service account`
    : ''
  const what = timedOut ? 'no answer in time' : (message || code || 'the connection failed') + distrust
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
