import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { createServer, type TlsOptions } from 'node:tls'

/** Takes TLS off in front of a server that has none. */
export interface TlsFront {
  port: number
  close(): void
}

/** @param target where what came within TLS goes, on 127.0.0.1 */
export async function startTlsFront(target: number, options: TlsOptions): Promise<TlsFront> {
  const server = createServer(options, (outer) => {
    const inner = connect(target, '127.0.0.1')
    // One end that breaks takes the other along.
    outer.on('error', () => inner.destroy()).on('close', () => inner.destroy())
    inner.on('error', () => outer.destroy()).on('close', () => outer.destroy())
    outer.pipe(inner).pipe(outer)
  })
  const open = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  // Who was refused is told by the handshake itself.
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}
