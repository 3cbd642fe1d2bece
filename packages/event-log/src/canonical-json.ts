import type { JsonObject, JsonValue } from './event.ts'

/** JSON with keys in order of their code units: the same text for the same value, whoever stored it between. */
export function canonicalJson(value: JsonValue): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] as JsonValue)}`)
  return `{${members.join(',')}}`
}

/**
 * A copy that every store can hold and gives back unchanged: members that are undefined are left out, and
 * NUL and lone surrogates, which Postgres refuses, become U+FFFD. A Pod's annotation may contain either, and
 * must not stop the log.
 *
 * @param invalid says what to throw for a value that JSON does not have
 */
export function storableJson(value: unknown, invalid: (what: string) => Error): JsonValue {
  switch (typeof value) {
    case 'string':
      return storableText(value)
    case 'number':
      if (!Number.isFinite(value)) throw invalid(`the number ${value}`)
      return value === 0 ? 0 : value
    case 'boolean':
      return value
    case 'object':
      if (value === null) return null
      if (Array.isArray(value)) return value.map((item) => storableJson(item, invalid))
      return storableObject(value, invalid)
    default:
      throw invalid(`a value of type ${typeof value}`)
  }
}

/** @see storableJson */
export function storableObject(value: object, invalid: (what: string) => Error): JsonObject {
  const prototype = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw invalid(`an instance of ${prototype.constructor?.name ?? 'a class'}`)
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    members.map(([key, member]) => [storableText(key), storableJson(member, invalid)]),
  )
}

/** @see storableJson */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}
