import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { CloudConfig } from '../config.ts'
import { ApiError } from '../requests/api-error.ts'

/** Clocks may differ by so much. */
const maxSkewSeconds = 300

const authorizationForm =
  /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d{2}-\d{2})\/([^/]+)\/tc3_request, *SignedHeaders=([a-z0-9;-]+), *Signature=([0-9a-f]{64})$/

/**
 * Checks the TC3-HMAC-SHA256 signature of a POST to `/` and says whose it is.
 *
 * @returns the key that signed it.
 * @throws ApiError with the AuthFailure code.
 */
export function authenticate(
  headers: IncomingHttpHeaders,
  body: Buffer,
  accounts: CloudConfig['accounts'],
  nowMs: number,
): CloudConfig['accounts'][number] {
  const match = authorizationForm.exec(headers.authorization ?? '')
  if (!match) throw failure('InvalidAuthorization', 'The Authorization header is missing or malformed.')
  const [, secretId, date, service, signedHeaders, signature] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const account = accounts.find((known) => known.secretId === secretId)
  if (!account) throw failure('SecretIdNotFound', 'The SecretId is not found.')

  const timestamp = Number(headers['x-tc-timestamp'])
  if (!Number.isInteger(timestamp)) throw failure('InvalidAuthorization', 'X-TC-Timestamp is not an integer.')
  if (Math.abs(nowMs / 1000 - timestamp) > maxSkewSeconds) {
    throw failure(
      'SignatureExpire',
      `The signature expired: X-TC-Timestamp ${timestamp} is over 5 minutes off.`,
    )
  }

  const host = hostOf(headers)
  const expected = sign(account.secretKey, {
    headers: { ...headers, host },
    signedHeaders,
    body,
    timestamp,
    date,
    service,
  })
  const scopeHolds = date === utcDate(timestamp) && service === host.split('.')[0]
  const covered = signedHeaders.split(';')
  const coversAll = covered.includes('host') && covered.includes('content-type')
  if (!scopeHolds || !coversAll || !timingSafeEqual(Buffer.from(signature), Buffer.from(expected))) {
    throw failure('SignatureFailure', 'The signature is not that of the request; check the SecretKey.')
  }
  if (headers['x-tc-token'] !== account.token) {
    throw failure('TokenFailure', 'The token is missing or not that of the SecretId.')
  }
  return account
}

interface Signed {
  headers: IncomingHttpHeaders
  signedHeaders: string
  body: Buffer
  timestamp: number
  date: string
  service: string
}

/** The signature of a POST to `/` without a query. */
function sign(secretKey: string, { headers, signedHeaders, body, timestamp, date, service }: Signed): string {
  const canonicalHeaders = signedHeaders
    .split(';')
    .map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`)
    .join('')
  const canonicalRequest = `POST\n/\n\n${canonicalHeaders}\n${signedHeaders}\n${sha256(body)}`
  const scope = `${date}/${service}/tc3_request`
  const stringToSign = `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonicalRequest)}`
  const key = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request')
  return hmac(key, stringToSign).toString('hex')
}

/** The Node SDK signs the host without its port. */
function hostOf(headers: IncomingHttpHeaders): string {
  return (headers.host ?? '').replace(/:\d+$/, '')
}

function utcDate(timestamp: number): string {
  return new Date(timestamp * 1000).toISOString().slice(0, 10)
}

function sha256(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: Buffer | string, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest()
}

function failure(name: string, message: string): ApiError {
  return new ApiError(`AuthFailure.${name}`, message)
}
