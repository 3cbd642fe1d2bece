/** RESP, the protocol of Redis, as far as its messages must be told apart. */

const [carriageReturn, newline] = ['\r', '\n']
const lineEnd = Buffer.from(carriageReturn + newline)

/** Where the message that begins at `from` ends; `null` while it is not complete. */
export function endOfMessage(bytes: Buffer, from: number): number | null {
  const end = bytes.indexOf(lineEnd, from)
  if (end === -1) return null
  const after = end + 2
  const count = Number(bytes.toString('latin1', from + 1, end))
  switch (String.fromCharCode(bytes[from]!)) {
    case '$':
    case '=':
    case '!': {
      if (count < 0) return after
      return bytes.length >= after + count + 2 ? after + count + 2 : null
    }
    case '*':
    case '~':
    case '>':
      return endOfMany(bytes, after, Math.max(0, count))
    case '%':
      return endOfMany(bytes, after, count * 2)
    default:
      return after
  }
}

function endOfMany(bytes: Buffer, from: number, count: number): number | null {
  let at: number | null = from
  for (let i = 0; i < count && at !== null; i++) at = endOfMessage(bytes, at)
  return at
}

/** The words of a command, which is an array of strings. */
export function wordsOf(command: Buffer): string[] {
  const words: string[] = []
  let at = command.indexOf(lineEnd) + 2
  while (at < command.length) {
    const end = command.indexOf(lineEnd, at)
    const length = Number(command.toString('latin1', at + 1, end))
    words.push(command.toString('utf8', end + 2, end + 2 + length))
    at = end + 2 + length + 2
  }
  return words
}
