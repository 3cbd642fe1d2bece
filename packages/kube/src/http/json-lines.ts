import { decodeUtf8 } from './utf8.ts'

/**
 * Splits a byte stream into lines without ever holding more than one line and one chunk. Throws when a line
 * grows beyond `maxLineBytes`, so that a broken peer cannot fill the memory. A last line without its newline
 * is delivered too: whether it is whole is for the parser to find out. Throws where bytes are not UTF-8.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<string> {
  let parts: Buffer[] = []
  let size = 0
  const take = (part: Buffer) => {
    size += part.length
    if (size > maxLineBytes) throw new Error(`a line of the stream is longer than ${maxLineBytes} bytes`)
    parts.push(part)
  }
  const line = () => {
    const text = decodeUtf8(parts.length === 1 ? parts[0]! : Buffer.concat(parts, size))
    parts = []
    size = 0
    return text
  }
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let start = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      take(chunk.subarray(start, end))
      start = end + 1
      const text = line()
      if (text.trim() !== '') yield text
    }
    if (start < chunk.length) take(chunk.subarray(start))
  }
  if (size > 0) yield line()
}
