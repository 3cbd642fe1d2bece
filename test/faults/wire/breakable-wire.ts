import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Wire } from './wire.ts'

/**
 * What becomes of every connection that is open now, while new ones are as good as ever. `cut`: both ends are told.
 * `stall`: no byte comes through any more, and neither end is told. `half-open`: the far end is gone, and the service
 * is not told.
 */
export const mishaps = ['cut', 'stall', 'half-open'] as const
export type Mishap = (typeof mishaps)[number]

/** A wire that passes bytes on without looking at them, TLS as it is, and breaks when asked to. */
export interface BreakableWire extends Wire {
  /** Returns how many connections it has happened to. */
  suffer(mishap: Mishap): number
  /** Connections through which nothing comes, on which the service has asked something since, and which it still waits for. */
  heldOnTo(): number
  /** Resets every connection, and from now on each new one. */
  goAway(): void
  comeBack(): void
}

interface Connection {
  near: Socket
  far: Socket
  deaf: boolean
  /** The service has said something that nobody hears. */
  unheard: boolean
}

export async function startBreakableWire(target: string): Promise<BreakableWire> {
  const { hostname, port, protocol } = new URL(target)
  const farPort = Number(port || { 'http:': 80, 'https:': 443 }[protocol])
  const open = new Set<Connection>()
  let away = false

  const server = createServer((near) => {
    near.on('error', () => {})
    if (away) return void near.resetAndDestroy()
    const connection: Connection = { near, far: connect(farPort, hostname), deaf: false, unheard: false }
    const { far } = connection
    open.add(connection)
    far.on('error', () => {})
    near.on('data', (bytes) => {
      if (connection.deaf) connection.unheard = true
      else pass(near, far, bytes)
    })
    far.on('data', (bytes) => {
      if (!connection.deaf) pass(far, near, bytes)
    })
    near.on('close', () => {
      open.delete(connection)
      far.destroy()
    })
    far.on('close', () => {
      if (!connection.deaf) near.destroy()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(target)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)

  function suffer(mishap: Mishap): number {
    const suffering = [...open].filter(({ deaf }) => !deaf)
    for (const connection of suffering) {
      const { near, far } = connection
      if (mishap === 'cut') {
        near.resetAndDestroy()
        far.resetAndDestroy()
        continue
      }
      connection.deaf = true
      if (mishap === 'half-open') far.resetAndDestroy()
    }
    return suffering.length
  }
  function reset(): void {
    for (const { near, far } of [...open]) {
      near.resetAndDestroy()
      far.resetAndDestroy()
    }
  }
  return {
    url: url.href,
    suffer,
    heldOnTo: () => [...open].filter(({ unheard }) => unheard).length,
    reset,
    goAway() {
      away = true
      reset()
    },
    comeBack() {
      away = false
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      reset()
      await closed
    },
  }
}

function pass(from: Socket, to: Socket, bytes: Buffer): void {
  if (to.write(bytes)) return
  from.pause()
  to.once('drain', () => from.resume())
}
