import { inflateRawSync } from 'node:zlib'

const endSignature = 0x06054b50
const entrySignature = 0x02014b50
const stored = 0
const deflated = 8

/**
 * Takes one file out of a zip archive (stored or deflated; not zip64, not encrypted).
 *
 * @throws when the archive is damaged, packed otherwise or has no such file
 */
export function unzipFile(archive: Buffer, name: string): Buffer {
  for (const entry of entries(archive)) {
    if (entry.name !== name) continue
    // The local header repeats name and extra field, with lengths of its own.
    const header = entry.offset
    const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28)
    const packed = archive.subarray(start, start + entry.packedSize)
    if (entry.method === stored) return packed
    if (entry.method === deflated) return inflateRawSync(packed, { maxOutputLength: entry.size })
    throw new Error(`${name} is packed in a way that is not known here (method ${entry.method})`)
  }
  throw new Error(`the zip archive has no file ${name}`)
}

interface Entry {
  name: string
  method: number
  packedSize: number
  size: number
  /** Where its local header begins. */
  offset: number
}

function* entries(archive: Buffer): Generator<Entry> {
  const signature = Buffer.alloc(4)
  signature.writeUInt32LE(endSignature)
  const end = archive.lastIndexOf(signature)
  if (end < 0) throw new Error('this is not a zip archive, or it is cut short')

  const count = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    if (archive.readUInt32LE(at) !== entrySignature) throw new Error('the zip archive is damaged')
    const nameLength = archive.readUInt16LE(at + 28)
    yield {
      name: archive.toString('utf8', at + 46, at + 46 + nameLength),
      method: archive.readUInt16LE(at + 10),
      packedSize: archive.readUInt32LE(at + 20),
      size: archive.readUInt32LE(at + 24),
      offset: archive.readUInt32LE(at + 42),
    }
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
}
