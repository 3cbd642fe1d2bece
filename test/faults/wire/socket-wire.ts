import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Wire } from './wire.ts'

/** Reads one direction of one connection; gets the bytes as they come and returns what goes on, `null` for nothing any more. */
export type Reader = (bytes: Buffer) => Buffer | null

/** What reads each direction of one connection. */
export interface Readers {
  fromService: Reader
  toService: Reader
}

/** A wire of bytes that somebody reads along; made anew for each connection. */
export async function startSocketWire(target: string, readers: () => Readers): Promise<Wire> {
  const { hostname, port } = new URL(target)
  const open = new Set<() => void>()
  const server = createServer((service) => {
    const store = connect(Number(port), hostname)
    const { fromService, toService } = readers()
    const end = () => {
      open.delete(end)
      service.destroy()
      store.destroy()
    }
    open.add(end)
    for (const socket of [service, store]) {
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', end)
    }
    carry(service, store, fromService)
    carry(store, service, toService)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const reset = () => {
    for (const end of [...open]) end()
  }
  return {
    url: url.href,
    reset,
    async close() {
      const closed = once(server, 'close')
      server.close()
      reset()
      await closed
    },
  }
}

function carry(from: Socket, to: Socket, read: Reader): void {
  from.on('data', (bytes: Buffer) => {
    if (from.destroyed) return
    const on = read(bytes)
    if (on === null) {
      from.destroy()
      return
    }
    if (on.length === 0 || to.write(on)) return
    from.pause()
    to.once('drain', () => from.resume())
  })
}
