import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http'
import { request as requestTls, Agent as TlsAgent } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Passing, Wire } from './wire.ts'

/** Names what a request does; `null`: nothing to name. */
export type NameRequest = (incoming: IncomingMessage) => string | null

/** A server, with the CA to know it by when it speaks TLS. */
export interface HttpTarget {
  server: string
  ca?: string | undefined
}

/** Passes HTTP on, request by request, and takes TLS off on the way. */
export async function startHttpWire(target: HttpTarget, name: NameRequest, passing: Passing): Promise<Wire> {
  const sockets = new Set<Socket>()
  const secure = target.server.startsWith('https:')
  const agent = secure ? new TlsAgent({ keepAlive: true, ca: target.ca }) : new Agent({ keepAlive: true })

  const server = createServer((incoming, response) => {
    const step = name(incoming)
    const passes = (when: 'before' | 'after') => step === null || passing(when, step)
    if (!passes('before')) return void incoming.destroy()
    const url = new URL(incoming.url ?? '/', target.server)
    const options = { method: incoming.method ?? 'GET', headers: incoming.headers, agent }
    const send = secure ? requestTls : request
    const outgoing = send(url, options, (answer) => {
      const isStream = url.searchParams.has('watch') && answer.statusCode === 200
      const pass = isStream ? passStream : passWhole
      pass(answer, response, () => passes('after'))
    })
    outgoing.on('error', () => response.destroy())
    response.on('close', () => outgoing.destroy())
    incoming.pipe(outgoing)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const reset = () => {
    for (const socket of [...sockets]) socket.resetAndDestroy()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reset,
    async close() {
      const closed = once(server, 'close')
      server.close()
      reset()
      await closed
      agent.destroy()
    },
  }
}

type PassBack = (answer: IncomingMessage, response: ServerResponse, passes: () => boolean) => void

/** The beginning is what answers; what follows comes as it comes. */
const passStream: PassBack = (answer, response, passes) => {
  answer.on('error', () => response.destroy())
  if (!passes()) return void response.destroy()
  response.writeHead(200, headersOf(answer)).flushHeaders()
  answer.pipe(response)
}

const passWhole: PassBack = (answer, response, passes) => {
  const parts: Buffer[] = []
  answer.on('error', () => response.destroy())
  answer.on('data', (part: Buffer) => parts.push(part))
  answer.on('end', () => {
    if (!passes()) return void response.destroy()
    const body = Buffer.concat(parts)
    response.writeHead(answer.statusCode ?? 502, { ...headersOf(answer), 'content-length': body.length })
    response.end(body)
  })
}

function headersOf({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const { 'content-length': _, 'transfer-encoding': __, ...kept } = headers
  return kept
}
