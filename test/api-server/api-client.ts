import { once } from 'node:events'
import { Agent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as TlsAgent } from 'node:https'
import { createInterface } from 'node:readline'

/** Where an API server is, and as whom to ask it. */
export interface ApiAccess {
  /** `https://127.0.0.1:6443`, or `http://` */
  server: string
  /** PEM: what to verify the server's certificate with. */
  ca?: string
  /** Bearer token. */
  token?: string
}

export interface ApiRequest {
  /** GET unless it says so. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON. */
  body?: unknown
  /** Of the body; `application/json` unless it says so. */
  contentType?: string
  /** `application/json` unless it says so. */
  accept?: string
}

export interface ApiAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  /** The JSON of the answer; its text where it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever an API server answers
  body: any
}

/** An API server as any client sees it: paths, bodies and headers, with nothing added. */
export interface ApiClient {
  /** One request. An error answer is an answer, too. @throws Error when there is none */
  call(path: string, request?: ApiRequest): Promise<ApiAnswer>
  /** The lines of an answer that goes on, such as a watch, as JSON; leaving the loop ends the request. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever an API server answers
  lines(path: string, request?: Pick<ApiRequest, 'accept'>): AsyncIterable<any>
  close(): void
}

export function createApiClient({ server, ca, token }: ApiAccess): ApiClient {
  const isTls = server.startsWith('https:')
  const agent = isTls ? new TlsAgent({ keepAlive: true, ca }) : new Agent({ keepAlive: true })
  const send = isTls ? requestHttps : requestHttp

  function call(path: string, { method = 'GET', body, contentType, accept }: ApiRequest = {}) {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      accept: accept ?? 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(text === undefined
        ? {}
        : // Node leaves the length out on a DELETE, and the API server then loses its place.
          { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(text) }),
    }
    const options: RequestOptions = { method, headers, agent, timeout: 60_000 }
    return new Promise<ApiAnswer>((resolve, reject) => {
      const sent = send(new URL(path, server), options, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const { statusCode = 0, headers: answered } = answer
          resolve({ status: statusCode, headers: answered, body: readBody(Buffer.concat(chunks).toString()) })
        })
      })
      sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer within a minute`)))
      sent.on('error', reject)
      sent.end(text)
    })
  }

  async function* lines(path: string, { accept = 'application/json' }: Pick<ApiRequest, 'accept'> = {}) {
    const headers = { accept, ...(token ? { authorization: `Bearer ${token}` } : {}) }
    const sent = send(new URL(path, server), { headers, agent })
    sent.end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    // The end of a loop that was left is an error on the connection, which nobody waits for.
    answer.on('error', () => {})
    try {
      for await (const line of createInterface({ input: answer })) yield JSON.parse(line)
    } finally {
      answer.destroy()
    }
  }

  return { call, lines, close: () => agent.destroy() }
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
