import * as z from 'zod'
import { CloudError, noAnswer, notSent } from '../cloud-error.ts'

const thrown = z.object({ message: z.string() })

/** The connection was never made, so nothing can have happened. The SDK keeps only the message. */
const neverConnected = /\bconnect E[A-Z]+|\bgetaddrinfo E[A-Z_]+/

/**
 * What a failed SDK call means: an answer that was read tells itself, and all else that the SDK throws (a timeout, a
 * broken connection, a body that cannot be unpacked) differs by its message only.
 */
export function translateSdkError(action: string, error: unknown): CloudError {
  if (error instanceof CloudError) return error
  const known = thrown.safeParse(error)
  if (!known.success) return noAnswer(action, String(error))
  const { message } = known.data
  return neverConnected.test(message) ? notSent(action, message) : noAnswer(action, message)
}
