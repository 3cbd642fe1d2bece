import * as z from 'zod'
import { CloudError, noAnswer } from '../cloud-error.ts'
import { classifyErrorCode } from './classify-error.ts'

/** The part of the SDK's HTTP response that is read. */
export interface SdkResponse {
  status: number
  statusText: string
  /** Whether it came from where a redirect led. */
  redirected: boolean
  body: AsyncIterable<Uint8Array | string>
}

/**
 * Longer answers are cut off, after unpacking: a page of 100 EIPs with all the tags that they can have is 2 MiB, and
 * whatever stands in for the API (a proxy, a captive portal, a zip bomb) must not fill the memory.
 */
export const longestAnswerBytes = 4 * 1024 * 1024

const errorAnswer = z.object({
  // Codes are compared, shown and stored: what has another form is none.
  Code: z.string().regex(/^[\w.]{1,128}$/),
  Message: z.string(),
})
const envelope = z.object({ Response: z.record(z.string(), z.unknown()) })

/**
 * The content of `Response`. The SDK's own reader takes answers of any length, follows redirects and throws away what
 * an error status says.
 *
 * @throws CloudError
 */
export async function readAnswer(action: string, response: SdkResponse): Promise<unknown> {
  const { status, statusText, redirected, body } = response
  if (redirected) throw noAnswer(action, 'it was redirected, which the API never does')
  // A gateway that answers 502 or 504 may have passed the call on.
  if (status !== 200) throw noAnswer(action, `HTTP ${status} ${statusText}`.trim())
  const answer = envelope.safeParse(parsed(action, await readText(action, body)))
  if (!answer.success) throw noAnswer(action, 'it has no Response')
  const { Error: error, RequestId } = answer.data.Response
  if (error === undefined || error === null) return answer.data.Response
  const told = errorAnswer.safeParse(error)
  if (!told.success) throw noAnswer(action, 'its Error is not as documented')
  const { Code: code, Message: message } = told.data
  const requestId = typeof RequestId === 'string' ? RequestId : ''
  throw new CloudError(classifyErrorCode(code), code, `${action}: ${code}: ${message}`, requestId)
}

async function readText(action: string, body: SdkResponse['body']): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const part = Buffer.from(chunk as Uint8Array)
    size += part.length
    if (size > longestAnswerBytes) {
      throw noAnswer(action, `it is longer than ${longestAnswerBytes / 1024 / 1024} MiB`)
    }
    parts.push(part)
  }
  return Buffer.concat(parts, size).toString('utf8')
}

function parsed(action: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text.
    throw noAnswer(action, 'it is not JSON')
  }
}
