import type { IncomingMessage } from 'node:http'

/** The API takes requests of up to 10 MB. */
const maxBytes = 10 * 1024 * 1024

/** The whole body; `undefined` when it is larger than any request may be. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= maxBytes) chunks.push(chunk)
  }
  return size <= maxBytes ? Buffer.concat(chunks) : undefined
}

/** The JSON in the body, an empty one being `{}`; `undefined` when it is none. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}
