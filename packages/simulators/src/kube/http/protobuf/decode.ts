import type { JsonObject } from '../../store/json.ts'

/** How a field is read: as text, base64 bytes, a number, true or false, or a message of its own. */
export type FieldType = 'text' | 'bytes' | 'number' | 'flag' | Message | ((decoded: JsonObject) => unknown)

/** A field: its name in JSON, its type, and whether there are many of it, in a list or a map. */
export interface Field {
  name: string
  type: FieldType
  of?: Message
  many?: 'list' | 'map'
}

/** The fields of a message by their numbers. */
export type Message = Record<number, Field>

/** Reads a protobuf message as JSON. Fields that it does not know are skipped. */
export function decode(bytes: Uint8Array, message: Message): JsonObject {
  const result: JsonObject = {}
  for (const { number, value } of fieldsOf(bytes)) {
    const field = message[number]
    if (!field) continue
    if (field.many === 'map' && value instanceof Uint8Array) {
      const entry = decode(value, {
        1: { name: 'key', type: 'text' },
        2: { name: 'value', type: field.type },
      })
      result[field.name] = {
        ...(result[field.name] as JsonObject),
        [String(entry.key ?? '')]: entry.value ?? '',
      }
    } else if (field.many === 'list') {
      result[field.name] = [...((result[field.name] as unknown[]) ?? []), read(value, field)]
    } else {
      const item = read(value, field)
      // Kubernetes writes empty texts too; in JSON they are absent.
      if (item !== '') result[field.name] = item
    }
  }
  return result
}

function read(value: bigint | Uint8Array, { type, of }: Field): unknown {
  if (typeof value === 'bigint') return type === 'flag' ? value !== 0n : Number(BigInt.asIntN(64, value))
  if (typeof type === 'function') return type(decode(value, of ?? {}))
  if (type === 'bytes') return Buffer.from(value).toString('base64')
  return typeof type === 'object' ? decode(value, type) : Buffer.from(value).toString('utf8')
}

/** The fields of a message in the order of the bytes: varints as numbers, the rest as bytes. */
function* fieldsOf(bytes: Uint8Array): Generator<{ number: number; value: bigint | Uint8Array }> {
  let position = 0
  const varint = () => {
    let result = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[position++]
      if (byte === undefined) throw new RangeError('the message ends in the middle of a number')
      result |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return result
    }
  }
  const take = (length: number) => {
    if (position + length > bytes.length) throw new RangeError('the message ends in the middle of a field')
    position += length
    return bytes.subarray(position - length, position)
  }
  while (position < bytes.length) {
    const tag = Number(varint())
    const wireType = tag & 7
    if (wireType === 0) yield { number: tag >>> 3, value: varint() }
    else if (wireType === 2) yield { number: tag >>> 3, value: take(Number(varint())) }
    else if (wireType === 1 || wireType === 5) take(wireType === 1 ? 8 : 4)
    else throw new RangeError(`there is no field of wire type ${wireType}`)
  }
}
