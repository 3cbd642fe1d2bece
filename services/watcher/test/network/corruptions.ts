import type { Tampering } from './tampering.ts'

const text = (words: string) => Buffer.from(`${words}\n`)
const goesOn = (bytes: Buffer): Tampering => ({ bytes, next: 'go on' })
const replaced = (bytes: Buffer, search: string, by: string) =>
  Buffer.from(bytes.toString('latin1').replace(search, by), 'latin1')

/** What may come instead of an event, or a list: bytes that are wrong, or right and not what they should be. */
export const corruptions: [string, (bytes: Buffer) => Tampering][] = [
  [
    'garbled bytes',
    (bytes) => goesOn(Buffer.from(bytes.map((byte, i) => (i % 7 === 3 ? byte ^ 0x55 : byte)))),
  ],
  ['JSON that is none', (bytes) => goesOn(replaced(bytes, '"metadata":', '"metadata"='))],
  // As where a character of several bytes is cut: what is left would be valid JSON with another name.
  ['a name that is not UTF-8', (bytes) => goesOn(replaced(bytes, '"name":"web-', '"name":"web\xe2\x82'))],
  ['an object without a name', (bytes) => goesOn(replaced(bytes, '"name":"web-', '"other":"web-'))],
  ['a page of HTML', () => goesOn(text('<html><body>Bad Gateway</body></html>'))],
  [
    'an ERROR',
    () => goesOn(text('{"type":"ERROR","object":{"kind":"Status","code":500,"reason":"InternalError"}}')),
  ],
  ['a line of 20 MB', () => goesOn(text(`{"type":"ADDED","object":"${'x'.repeat(20_000_000)}"}`))],
]
