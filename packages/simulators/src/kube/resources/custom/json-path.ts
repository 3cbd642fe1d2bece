import { isObject } from '../../store/json.ts'

/**
 * The values at a JSONPath as printer columns use it: fields, `['quoted fields']`, indexes, `[*]` and
 * filters such as `[?(@.type=="Ready")]`. A path that cannot be read finds nothing.
 */
export function readJsonPath(object: unknown, path: string): unknown[] {
  const steps = path.match(/\[\?\(.*?\)\]|\['[^']*'\]|\["[^"]*"\]|\[[^\]]*\]|(?:\\.|[^.[\\])+/g) ?? []
  return steps.reduce<unknown[]>((values, step) => values.flatMap((value) => takeStep(value, step)), [object])
}

function takeStep(value: unknown, step: string): unknown[] {
  const filter = /^\[\?\(@\.([\w.]+)\s*==\s*["']([^"']*)["']\)\]$/.exec(step)
  if (filter)
    return asList(value).filter((item) => readJsonPath(item, filter[1]!).some((v) => String(v) === filter[2]))
  if (step === '[*]' || step === '*') return isObject(value) ? Object.values(value) : asList(value)
  const index = /^\[(\d+)\]$/.exec(step)
  if (index) return asList(value).slice(Number(index[1]), Number(index[1]) + 1)
  const field = /^\[["'](.*)["']\]$/.exec(step)?.[1] ?? step.replaceAll('\\', '')
  return isObject(value) && value[field] !== undefined ? [value[field]] : []
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
