const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * Text of bytes that an API server sent.
 * @throws TypeError when they are not UTF-8: replacing what is broken would give names and annotations that nobody wrote
 */
export function decodeUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes)
}
