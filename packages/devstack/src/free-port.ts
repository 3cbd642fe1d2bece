import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below the ports that Linux, macOS and Windows give to connections going out: a server that is down for a moment
 * finds its port again.
 */
const ports = { from: 10_000, to: 30_000 }

/**
 * A TCP port on 127.0.0.1 that was free a moment ago. Somebody else may take it before it is used:
 * whoever listens on it must be ready to ask for another.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(ports.from, ports.to)
    if (await isPortFree(port)) return port
  }
  throw new Error(`no port between ${ports.from} and ${ports.to} is free on 127.0.0.1`)
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

/**
 * Runs `start` on the wanted port, or on free ones until it works when none is wanted.
 *
 * @param start resolves with what was started, or with `'port-taken'`
 * @throws one sentence when the wanted port is taken, or when five free ones were taken in a row
 */
export async function onPort<T>(
  program: string,
  wanted: number | undefined,
  start: (port: number) => Promise<T | 'port-taken'>,
): Promise<T> {
  if (wanted) {
    const started = (await isPortFree(wanted)) ? await start(wanted) : 'port-taken'
    if (started !== 'port-taken') return started
    throw new Error(
      `${program} cannot listen on port ${wanted} of 127.0.0.1 because another program does: stop that program or choose another port`,
    )
  }
  for (let attempt = 0; attempt < 5; attempt++) {
    const started = await start(await freePort())
    if (started !== 'port-taken') return started
  }
  throw new Error(`${program} found five ports in a row taken on 127.0.0.1: start it again`)
}
