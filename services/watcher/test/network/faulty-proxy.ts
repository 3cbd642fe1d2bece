import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { answerWith, isChange, type ProxyAnswer, passOn, whatIsAsked } from './passing-on.ts'
import { type Tampering, tamper } from './tampering.ts'

/** Stands between a watcher and its API server, takes TLS off, and does what networks and what stands in them do. */
export interface FaultyProxy {
  /** For the watcher: plain HTTP. */
  url: string
  /** Requests that came: `list pods`, `watch pods`, `get pods`. */
  requests: string[]
  /** Tampers with the next change in a watch of this resource. Resolves once that has happened. */
  nextChange(plural: string, how: (line: Buffer) => Tampering): Promise<void>
  /** Tampers with the next answer to a list of this resource. Resolves once that has happened. */
  nextList(plural: string, how: (body: Buffer) => Tampering): Promise<void>
  /** Answers the next so many lists and watches of this resource by itself. */
  answerNext(plural: string, count: number, answer: ProxyAnswer): void
  /** Resets every connection. */
  cutAll(): void
  /** From now on no byte comes out of the watches that are open. */
  stallAll(): void
  /** Takes this alone for a good `Authorization`; the API server gets its own. `undefined`: passes on what comes. */
  authorization: { wanted: string; forServer: string } | undefined
  close(): Promise<void>
}

interface Watch {
  response: ServerResponse
  stalled: boolean
}

/** @param target of the API server, with the CA to know it by when it speaks TLS */
export async function startFaultyProxy(target: { server: string; ca?: string }): Promise<FaultyProxy> {
  const changes = new Map<string, { how: (line: Buffer) => Tampering; done: () => void }>()
  const lists = new Map<string, { how: (body: Buffer) => Tampering; done: () => void }>()
  const answers = new Map<string, ProxyAnswer[]>()
  const watches = new Set<Watch>()
  const sockets = new Set<Socket>()

  const server = createServer((incoming, response) => {
    const { plural, verb } = whatIsAsked(incoming)
    proxy.requests.push(`${verb} ${plural}`)
    const { authorization } = proxy
    if (authorization && incoming.headers.authorization !== authorization.wanted) {
      answerWith(response, { status: 401, body: '{"kind":"Status","code":401,"reason":"Unauthorized"}' })
      return
    }
    const ready = verb === 'get' ? undefined : answers.get(plural)?.shift()
    if (ready) {
      answerWith(response, ready)
      return
    }
    const headers = {
      ...incoming.headers,
      ...(authorization ? { authorization: authorization.forServer } : {}),
    }
    const outgoing = passOn(target, incoming, headers, (answer) => {
      const { 'content-length': _, 'transfer-encoding': __, ...kept } = answer.headers
      response.writeHead(answer.statusCode ?? 502, kept)
      response.flushHeaders()
      answer.on('error', () => response.destroy())
      if (verb === 'watch' && answer.statusCode === 200) passWatch(plural, answer, response)
      else passWhole(verb === 'list' ? plural : '', answer, response)
    })
    outgoing.on('error', () => response.destroy())
    response.on('close', () => outgoing.destroy())
  })

  function passWatch(plural: string, answer: IncomingMessage, response: ServerResponse): void {
    const watch: Watch = { response, stalled: false }
    watches.add(watch)
    response.on('close', () => watches.delete(watch))
    let rest = Buffer.alloc(0)
    answer.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk])
      for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
        const line = rest.subarray(0, end + 1)
        rest = rest.subarray(end + 1)
        if (watch.stalled) continue
        const tampering = isChange(line) ? changes.get(plural) : undefined
        if (!tampering) {
          response.write(line)
          continue
        }
        changes.delete(plural)
        watch.stalled = !tamper(response, tampering.how(line))
        tampering.done()
      }
    })
    answer.on('end', () => {
      if (!watch.stalled) response.end(rest)
    })
  }

  function passWhole(plural: string, answer: IncomingMessage, response: ServerResponse): void {
    const parts: Buffer[] = []
    answer.on('data', (part: Buffer) => parts.push(part))
    answer.on('end', () => {
      const tampering = lists.get(plural)
      lists.delete(plural)
      const whole = Buffer.concat(parts)
      if (!tampering) response.end(whole)
      else {
        if (tamper(response, tampering.how(whole))) response.end()
        tampering.done()
      }
    })
  }

  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: FaultyProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    nextChange: (plural, how) => new Promise((done) => changes.set(plural, { how, done })),
    nextList: (plural, how) => new Promise((done) => lists.set(plural, { how, done })),
    answerNext: (plural, count, answer) => answers.set(plural, Array(count).fill(answer)),
    cutAll() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    stallAll() {
      for (const watch of watches) watch.stalled = true
    },
    authorization: undefined,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
  return proxy
}
