/** Takes a list object apart while its bytes come. */
export interface ListSplitter {
  /** @throws Error when these cannot be the bytes of a list, or an item grows too long */
  push(chunk: Uint8Array): void
  /** The list without its items, as JSON. @throws Error when the list broke off */
  end(): Buffer
}

const space = 0x20
const quote = 0x22
const comma = 0x2c
const openList = 0x5b
const backslash = 0x5c
const closeList = 0x5d
const openObject = 0x7b
const closeObject = 0x7d

/** What comes before the list's own items: quotes within a key would have a backslash before them. */
const itemsKey = /[{,]\s*"items"\s*:\s*\[$/
const longestKey = 64

/**
 * Cuts the `items` out of the bytes of a list object, so that each can be parsed by itself and the list is never in
 * memory as a whole. Only brackets, strings and the commas between items are looked at: whether the rest is JSON is for
 * the parser of each part to find out. (Parsers of streams build every value in JavaScript; here `JSON.parse` does.)
 * @param maxBytes of one item, and of all that is not an item
 * @param onItem gets the bytes of each item, in order
 */
export function createListSplitter(maxBytes: number, onItem: (bytes: Buffer) => void): ListSplitter {
  const outside = createParts(maxBytes, 'the list, without its items,')
  const item = createParts(maxBytes, 'an item of the list')
  let depth = 0
  let inString = false
  let escaped = false
  let inItems = false
  let wantsComma = false

  /** A byte between two items. Returns whether an item begins with it. */
  function beginsItem(byte: number): boolean {
    if (byte === openObject && !wantsComma) return true
    if (byte === comma && wantsComma) wantsComma = false
    else if (byte > space) throw new Error('the items of the list are not a list of objects')
    return false
  }

  return {
    push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      // Where what is to be kept begins; behind the chunk between two items.
      let from = inItems && depth === 2 ? chunk.length : 0
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at]!
        if (inString) {
          if (escaped) escaped = false
          else if (byte === backslash) escaped = true
          else if (byte === quote) inString = false
        } else if (inItems && depth === 2) {
          if (byte === closeList) {
            inItems = false
            depth = 1
            from = at
          } else if (beginsItem(byte)) {
            depth = 3
            from = at
          }
        } else if (byte === quote) {
          inString = true
        } else if (byte === openList || byte === openObject) {
          depth += 1
          if (byte === openList && depth === 2) {
            outside.add(chunk.subarray(from, at + 1))
            inItems = itemsKey.test(outside.tail(longestKey))
            wantsComma = false
            from = inItems ? chunk.length : at + 1
          }
        } else if (byte === closeList || byte === closeObject) {
          depth -= 1
          if (inItems && depth === 2) {
            item.add(chunk.subarray(from, at + 1))
            onItem(item.take())
            wantsComma = true
            from = chunk.length
          }
        }
      }
      if (from < chunk.length) (inItems ? item : outside).add(chunk.subarray(from))
    },
    end() {
      if (depth !== 0 || inString) throw new Error('the list broke off')
      return outside.take()
    },
  }
}

interface Parts {
  add(part: Buffer): void
  /** The last bytes, as text. */
  tail(length: number): string
  /** All of them; none are left. */
  take(): Buffer
}

function createParts(maxBytes: number, what: string): Parts {
  let parts: Buffer[] = []
  let size = 0
  const whole = () => (parts.length === 1 ? parts[0]! : Buffer.concat(parts, size))
  return {
    add(part) {
      size += part.length
      if (size > maxBytes) throw new Error(`${what} is longer than ${maxBytes} bytes`)
      parts.push(part)
    },
    tail(length) {
      const bytes = whole()
      parts = [bytes]
      return bytes.subarray(-length).toString('latin1')
    },
    take() {
      const bytes = whole()
      parts = []
      size = 0
      return bytes
    },
  }
}
