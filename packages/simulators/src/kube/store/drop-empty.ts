import { isObject } from './json.ts'

/** Takes fields out that are undefined, an empty list or an empty map, as the API server never shows them. */
export function dropEmpty(metadata: object): void {
  const fields = metadata as Record<string, unknown>
  for (const [key, value] of Object.entries(fields)) {
    const isEmpty = Array.isArray(value)
      ? value.length === 0
      : isObject(value) && Object.keys(value).length === 0
    if (value === undefined || isEmpty) delete fields[key]
  }
}
