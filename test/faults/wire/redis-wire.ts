import { endOfMessage, wordsOf } from './resp.ts'
import { type Readers, startSocketWire } from './socket-wire.ts'
import type { Passing, Wire } from './wire.ts'

/** Names what a command does; `null`: nothing to name. */
export type NameCommand = (words: readonly string[]) => string | null

/**
 * Reads along what a client says to Redis, which answers in the order of the commands. What stands between MULTI and
 * EXEC is one step, which EXEC takes.
 */
export function startRedisWire(target: string, name: NameCommand, passing: Passing): Promise<Wire> {
  return startSocketWire(target, () => readConversation(name, passing))
}

function readConversation(name: NameCommand, passing: Passing): Readers {
  const asked: (string | null)[] = []
  let together: string | null | undefined

  function fromService(message: Buffer): boolean {
    const words = wordsOf(message)
    let step: string | null = null
    switch (words[0]?.toUpperCase()) {
      case 'MULTI':
        together = null
        break
      case 'EXEC':
        step = together ?? null
        together = undefined
        break
      default:
        step = name(words)
        if (together === undefined) break
        together ??= step
        step = null
    }
    asked.push(step)
    return step === null || passing('before', step)
  }
  function toService(message: Buffer): boolean {
    // A script that the server has not seen yet: the client sends its text.
    const unknown = message.subarray(0, 9).toString('latin1') === '-NOSCRIPT'
    // What the server says unasked answers nothing.
    const step = message[0] === 0x3e ? null : (asked.shift() ?? null)
    return step === null || unknown || passing('after', step)
  }
  return { fromService: messages(fromService), toService: messages(toService) }
}

function messages(take: (message: Buffer) => boolean): (bytes: Buffer) => Buffer | null {
  let rest: Buffer = Buffer.alloc(0)
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    let at = 0
    for (let end = nextEnd(rest, at); end !== null; end = nextEnd(rest, at)) {
      if (!take(rest.subarray(at, end))) return null
      at = end
    }
    const whole = rest.subarray(0, at)
    rest = rest.subarray(at)
    return whole
  }
}

function nextEnd(bytes: Buffer, at: number): number | null {
  return at < bytes.length ? endOfMessage(bytes, at) : null
}
