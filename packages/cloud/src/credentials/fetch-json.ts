import { CloudError } from '../cloud-error.ts'

/** Fetches JSON within `timeoutMs`; what goes wrong is told as `NoCredential`, without bodies or headers. */
export async function fetchJson(
  source: string,
  url: string,
  init: RequestInit,
  timeoutMs: number,
): Promise<unknown> {
  const text = await fetchText(source, url, init, timeoutMs)
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The parser's own message quotes the text.
    throw unreachable(source, `the answer of ${new URL(url).host} is not JSON`)
  }
}

/** Credentials are some kilobytes; what is longer comes from something else, and must not fill the memory. */
const longestAnswerBytes = 1024 * 1024

/** As {@link fetchJson}, for plain text. A redirect is not followed: nobody who gives credentials sends one. */
export async function fetchText(
  source: string,
  url: string,
  init: RequestInit,
  timeoutMs: number,
): Promise<string> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { ...init, redirect: 'error', signal })
    if (response.ok) return await readText(source, url, response)
    await response.body?.cancel()
    throw unreachable(source, `${new URL(url).host} answered HTTP ${response.status}`)
  } catch (error) {
    if (error instanceof CloudError) throw error
    throw unreachable(source, `${new URL(url).host} did not answer (${reason(error)})`)
  }
}

async function readText(source: string, url: string, { body }: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body ?? []) {
    size += part.length
    if (size > longestAnswerBytes) throw unreachable(source, `the answer of ${new URL(url).host} is too long`)
    parts.push(part)
  }
  return Buffer.concat(parts, size).toString('utf8')
}

/** The source could not be asked; it may answer later. */
export function unreachable(source: string, why: string): CloudError {
  return new CloudError('retry-soon', 'NoCredential', `${source}: no credential: ${why}`)
}

/** The source was asked and said no: somebody has to set something right, for every claim alike. */
export function refused(source: string, why: string, requestId = ''): CloudError {
  return new CloudError('back-off', 'NoCredential', `${source}: no credential: ${why}`, requestId)
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown reason'
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
