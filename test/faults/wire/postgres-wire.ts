import { type Readers, startSocketWire } from './socket-wire.ts'
import type { Passing, Wire } from './wire.ts'

/** Names what a statement does, after what was written since its transaction began; `null`: nothing to name. */
export type NameStatement = (sql: string, written: readonly string[]) => string | null

const nothing = Buffer.alloc(0)

/**
 * Reads along what a client says to Postgres (protocol 3.0, without TLS): the text of each statement on its way
 * there, and that the server is ready for the next one on the way back.
 */
export function startPostgresWire(target: string, name: NameStatement, passing: Passing): Promise<Wire> {
  return startSocketWire(target, () => readConversation(name, passing))
}

function readConversation(name: NameStatement, passing: Passing): Readers {
  /** Steps that were sent and not answered; the start-up is the first. */
  const asked: (string | null)[] = [null]
  let written: string[] = []
  let step: string | null = null
  let greeted = false

  function take(sql: string): boolean {
    if (/^begin/i.test(sql)) written = []
    step = name(sql, written)
    if (step !== null && !/^(commit|rollback)/i.test(sql)) written = [...written, step]
    return step === null || passing('before', step)
  }
  function fromService(kind: string, body: Buffer): boolean {
    if (kind === 'Q' && !take(text(body, 0))) return false
    // Name of the prepared statement, then its text.
    if (kind === 'P' && !take(text(body, body.indexOf(0) + 1))) return false
    if (kind === 'Q' || kind === 'S') {
      asked.push(step)
      step = null
    }
    return true
  }
  function toService(kind: string): boolean {
    if (kind !== 'Z') return true
    const done = asked.shift()
    return done === null || done === undefined || passing('after', done)
  }
  const [sent, answered] = [messages(fromService), messages(toService)]
  return {
    fromService(bytes) {
      if (greeted) return sent(bytes)
      // The first message has no kind; clients wait for an answer to it.
      greeted = true
      return bytes
    },
    toService: answered,
  }
}

function text(body: Buffer, from: number): string {
  return body.toString('utf8', from, body.indexOf(0, from)).trim()
}

/** Cuts a stream into messages: a kind of one byte, a length that counts itself, a body. */
function messages(take: (kind: string, body: Buffer) => boolean): (bytes: Buffer) => Buffer | null {
  let rest: Buffer = nothing
  return (bytes) => {
    rest = Buffer.concat([rest, bytes])
    let at = 0
    while (rest.length >= at + 5) {
      const end = at + 1 + rest.readInt32BE(at + 1)
      if (rest.length < end) break
      if (!take(String.fromCharCode(rest[at]!), rest.subarray(at + 5, end))) return null
      at = end
    }
    const whole = rest.subarray(0, at)
    rest = rest.subarray(at)
    return whole
  }
}
