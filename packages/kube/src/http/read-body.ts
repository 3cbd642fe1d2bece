import { connectionError } from './status-error.ts'
import { decodeUtf8 } from './utf8.ts'

/**
 * The whole body as text.
 * @throws KubeError status 0 when it breaks off, is not UTF-8, or is longer than `maxBytes`: a broken peer cannot fill
 * the memory
 */
export async function readBody(
  request: string,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const part of body) {
      size += part.length
      if (size > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`)
      parts.push(part)
    }
    return decodeUtf8(Buffer.concat(parts, size))
  } catch (error) {
    throw connectionError(request, error)
  }
}

/** As much of an error's body as may be worth telling; nothing when it cannot be read. */
export async function readErrorBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  try {
    for await (const part of body) {
      text += Buffer.from(part).toString('utf8')
      if (text.length > longestErrorText) break
    }
  } catch {
    // The status says the most, and what came of the body is as good as can be had.
  }
  return text
}

/** Status objects name every field that is wrong, and fit well within this. */
const longestErrorText = 256 * 1024
