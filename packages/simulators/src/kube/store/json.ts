/** A JSON object. */
export type JsonObject = Record<string, unknown>

/** Whether it is an object: neither array nor null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether two JSON values are equal; a field that is undefined counts as absent. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]))
  }
  if (!isObject(a) || !isObject(b)) return false
  return (
    Object.keys(a).every((key) => equal(a[key], b[key])) &&
    Object.keys(b).every((key) => key in a || b[key] === undefined)
  )
}

/** A deep copy of plain JSON, without the fields that are undefined. */
export function copy<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copy) as T
  if (!isObject(value)) return value
  const out: JsonObject = {}
  for (const [key, field] of Object.entries(value)) if (field !== undefined) out[key] = copy(field)
  return out as T
}

/** Freezes it and everything in it. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const field of Object.values(value)) freeze(field)
  return Object.freeze(value)
}

/** The value at a path of field names; undefined where there is none. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((v, key) => (isObject(v) ? v[key] : undefined), value)
}

/** Sets the value at a path of field names, making the objects on the way; undefined deletes it. */
export function put(target: JsonObject, path: readonly string[], value: unknown): void {
  const last = path.at(-1)
  if (last === undefined) return
  let holder = target
  for (const key of path.slice(0, -1)) {
    if (!isObject(holder[key])) holder[key] = {}
    holder = holder[key] as JsonObject
  }
  if (value === undefined) delete holder[last]
  else holder[last] = value
}
