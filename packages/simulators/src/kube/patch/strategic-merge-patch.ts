import { type ApiError, internalError } from '../store/api-error.ts'
import { copy, equal, isObject, type JsonObject } from '../store/json.ts'
import { fieldSchema, type Schema } from '../store/schema/schema.ts'

const setOrder = '$setElementOrder/'
const deleteFromPrimitives = '$deleteFromPrimitiveList/'

/**
 * Strategic merge patch: like a JSON merge patch, but lists whose schema names a merge key are merged item
 * by item. Knows `$patch` (delete, replace), `$deleteFromPrimitiveList`, `$setElementOrder`, `$retainKeys`.
 */
export function strategicMergePatch(target: unknown, patch: unknown, schema: Schema | undefined): unknown {
  if (!isObject(patch)) return copy(patch)
  if (patch.$patch === 'replace') return copy(withoutDirectives(patch))
  if (patch.$patch === 'delete') return {}
  if (patch.$patch !== undefined) throw unknownDirective(patch)
  const result: JsonObject = isObject(target) ? { ...target } : {}
  const retain = patch.$retainKeys
  if (Array.isArray(retain))
    for (const key of Object.keys(result)) if (!retain.includes(key)) delete result[key]
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(deleteFromPrimitives)) {
      const field = key.slice(deleteFromPrimitives.length)
      result[field] = asList(result[field]).filter((item) => !asList(value).includes(item))
    }
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue
    const own = fieldSchema(schema, key)
    if (value === null) delete result[key]
    else if (Array.isArray(value)) result[key] = mergeList(result[key], value, own)
    else result[key] = strategicMergePatch(result[key], value, own)
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(setOrder)) {
      const field = key.slice(setOrder.length)
      const by = fieldSchema(schema, field)?.['x-kubernetes-patch-merge-key']
      if (Array.isArray(result[field])) result[field] = inOrder(asList(result[field]), asList(value), by)
    }
  }
  return result
}

function mergeList(current: unknown, patch: unknown[], schema: Schema | undefined): unknown[] {
  const by = schema?.['x-kubernetes-patch-merge-key']
  if (by === undefined) {
    const primitivesMerge = schema?.['x-kubernetes-patch-strategy'] === 'merge'
    if (!primitivesMerge) return copy(patch)
    const before = asList(current)
    return [...before, ...patch.filter((item) => !before.some((old) => equal(old, item)))]
  }
  if (patch.some((item) => isObject(item) && item.$patch === 'replace')) {
    return copy(
      patch.filter(
        (item) => !(isObject(item) && item.$patch === 'replace' && Object.keys(item).length === 1),
      ),
    )
  }
  if (patch.some((item) => isObject(item) && item.$patch === 'merge')) {
    throw internalError('merging lists cannot yet be specified in the patch')
  }
  const result = [...asList(current)]
  const said: unknown[] = []
  for (const item of patch) {
    if (!isObject(item)) continue
    const index = result.findIndex((old) => isObject(old) && equal(old[by], item[by]))
    if (item.$patch === 'delete') {
      if (index >= 0) result.splice(index, 1)
      continue
    }
    const merged = strategicMergePatch(index < 0 ? {} : result[index], item, schema?.items)
    if (index >= 0) result[index] = merged
    said.push(merged)
  }
  return interleave(
    said,
    result.filter((item) => !said.includes(item)),
    result,
  )
}

/** What is said, and the rest in between by the order that both had; what had none goes first. */
function interleave(said: unknown[], rest: unknown[], before: unknown[]): unknown[] {
  const result: unknown[] = []
  let [i, j] = [0, 0]
  while (i < rest.length && j < said.length) {
    const [kept, place] = [before.indexOf(rest[i]), before.indexOf(said[j])]
    result.push(place >= 0 && kept < place ? rest[i++] : said[j++])
  }
  return [...result, ...rest.slice(i), ...said.slice(j)]
}

/** The items in the order of `order`; those that it does not name stay behind the one they followed. */
function inOrder(items: unknown[], order: unknown[], by: string | undefined): unknown[] {
  const keyOf = (item: unknown) => (by !== undefined && isObject(item) ? item[by] : item)
  const rank = (item: unknown) => order.findIndex((wanted) => equal(keyOf(wanted), keyOf(item)))
  let last = -1
  const ranked = items.map((item) => {
    const own = rank(item)
    if (own >= 0) last = own
    return { item, rank: own >= 0 ? own : last + 0.5 }
  })
  return ranked.sort((a, b) => a.rank - b.rank).map(({ item }) => item)
}

function unknownDirective(patch: JsonObject): ApiError {
  return internalError(`unknown patch type: ${patch.$patch} in map: ${JSON.stringify(patch)}`)
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')))
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
