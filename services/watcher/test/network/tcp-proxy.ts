import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type Mishap = 'cut' | 'half-close' | 'stall'

/** Passes bytes on without looking at them, TLS as it is, and fails on demand. */
export interface TcpProxy {
  /** The server's URL, with the proxy's port. */
  url: string
  /**
   * On each connection that is open now, half of the next bytes of the server come through, within a record of TLS, and
   * then this happens. Resolves once it has happened to the first.
   */
  mishap(what: Mishap): Promise<void>
  close(): Promise<void>
}

interface Connection {
  client: Socket
  server: Socket
  next?: { what: Mishap; done: () => void }
}

export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target)
  const connections = new Set<Connection>()
  const proxy = createServer((client) => {
    const connection: Connection = { client, server: connect(Number(port), hostname) }
    const { server } = connection
    connections.add(connection)
    for (const socket of [client, server]) {
      socket.on('error', () => {})
      socket.on('close', () => {
        connections.delete(connection)
        client.destroy()
        server.destroy()
      })
    }
    client.pipe(server)
    server.on('data', (bytes) => passOn(connection, bytes))
    server.on('end', () => client.end())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  return {
    url: `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    mishap: (what) =>
      new Promise((done) => {
        for (const connection of connections) connection.next = { what, done }
      }),
    async close() {
      const closed = once(proxy, 'close')
      proxy.close()
      for (const { client } of connections) client.destroy()
      await closed
    },
  }
}

function passOn({ client, server, next }: Connection, bytes: Buffer): void {
  if (!next) {
    client.write(bytes)
    return
  }
  server.pause()
  const half = bytes.subarray(0, bytes.length / 2)
  switch (next.what) {
    case 'cut':
      client.write(half, () => client.resetAndDestroy())
      break
    case 'half-close':
      client.end(half)
      break
    case 'stall':
      client.write(half)
      break
  }
  next.done()
}
