import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RawRequest {
  method: string
  url: URL
  headers: IncomingMessage['headers']
  body: string
}

/** An HTTP server that answers as the test says, well or badly; it notes what it was asked. */
export interface RawServer {
  url: string
  requests: RawRequest[]
  answer: (request: RawRequest, response: ServerResponse) => void
  close(): Promise<void>
}

export async function startRawServer(): Promise<RawServer> {
  const server = createServer((incoming, response) => {
    let body = ''
    incoming.on('data', (chunk) => {
      body += chunk
    })
    incoming.on('end', () => {
      const { method = '', headers } = incoming
      const request = { method, url: new URL(incoming.url ?? '/', 'http://server'), headers, body }
      raw.requests.push(request)
      raw.answer(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const raw: RawServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    answer: (_request, response) => response.writeHead(500).end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return raw
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, body: object, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}
