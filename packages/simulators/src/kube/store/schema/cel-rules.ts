import { Environment, type ParseResult } from '@marcbachmann/cel-js'
import type { KubeObject } from '@pod-eip/kube'
import { type Cause, cause } from '../api-error.ts'
import { equal, isObject } from '../json.ts'
import type { Schema, ValidationRule } from './schema.ts'

/** What CEL knows here: `self` and `oldSelf`, of whatever type. */
const environment = new Environment({ unlistedVariablesAreDyn: true })

interface CompiledRule extends ValidationRule {
  holds: ParseResult
  /** Compares with what was before: not evaluated where nothing was. */
  transition: boolean
}

const compiledRules = new WeakMap<ValidationRule[], CompiledRule[]>()

/** Rules of a definition that do not compile, as the API server refuses them. */
export function uncompilable(schema: Schema, path: string): Cause[] {
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap((rule, i) => {
    try {
      environment.parse(rule.rule)
      return []
    } catch (error) {
      const at = `${path}.x-kubernetes-validations[${i}].rule`
      return [cause.invalid(at, rule.rule, `compilation failed: ${(error as Error).message}`)]
    }
  })
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    uncompilable(field, `${path}.properties[${name}]`),
  )
  const { items, additionalProperties: others } = schema
  return [
    ...own,
    ...fields,
    ...(items ? uncompilable(items, `${path}.items`) : []),
    ...(isObject(others) ? uncompilable(others as Schema, `${path}.additionalProperties`) : []),
  ]
}

/**
 * What the rules in CEL (`x-kubernetes-validations`) find wrong with an object that its schema finds right. What is
 * as it was before is not looked at again: so an object from before a rule can still be changed elsewhere.
 * @param before what it was; `null` when it is new
 */
export function brokenRules(object: KubeObject, before: KubeObject | null, schema: Schema): Cause[] {
  const { metadata: _, ...fields } = schema.properties ?? {}
  // Of the metadata a rule can see the name and what it was generated from.
  const strings = { type: 'string' } as const
  const metadata: Schema = { type: 'object', properties: { name: strings, generateName: strings } }
  const visible: Schema = { ...schema, properties: { ...fields, metadata } }
  return brokenIn(object, before ?? undefined, visible, '')
}

function brokenIn(value: unknown, before: unknown, schema: Schema, path: string): Cause[] {
  const own =
    (schema['x-kubernetes-validations'] ?? []).length > 0 ? ownRules(value, before, schema, path) : []
  if (Array.isArray(value) && schema.items) {
    const { items } = schema
    return [...own, ...value.flatMap((item, i) => brokenIn(item, undefined, items, `${path}[${i}]`))]
  }
  if (!isObject(value)) return own
  const was = isObject(before) ? before : {}
  const inside = Object.entries(schema.properties ?? {}).flatMap(([name, field]) =>
    value[name] === undefined
      ? []
      : brokenIn(value[name], was[name], field, path === '' ? name : `${path}.${name}`),
  )
  return [...own, ...inside]
}

function ownRules(value: unknown, before: unknown, schema: Schema, path: string): Cause[] {
  const known = before !== undefined
  if (known && equal(value, before)) return []
  const self = celValue(value, schema)
  const variables = known ? { self, oldSelf: celValue(before, schema) } : { self }
  const at = path === '' ? '<nil>' : path
  return rulesOf(schema['x-kubernetes-validations']!).flatMap(({ holds, rule, message, transition }) => {
    if (transition && !known) return []
    try {
      return holds(variables) === true ? [] : [cause.invalid(at, value, message ?? `failed rule: ${rule}`)]
    } catch (error) {
      return [cause.invalid(at, value, `rule evaluation error: ${(error as Error).message}`)]
    }
  })
}

function rulesOf(rules: ValidationRule[]): CompiledRule[] {
  const known = compiledRules.get(rules)
  if (known) return known
  const compiled = rules.map((rule) => ({
    ...rule,
    holds: environment.parse(rule.rule),
    transition: /\boldSelf\b/.test(rule.rule),
  }))
  compiledRules.set(rules, compiled)
  return compiled
}

/** The value as CEL has it, by its schema: whole numbers and times are types of their own. */
function celValue(value: unknown, schema: Schema | undefined): unknown {
  if (schema?.type === 'integer' && typeof value === 'number') return BigInt(value)
  if (schema?.format === 'date-time' && typeof value === 'string') return new Date(value)
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema?.items))
  if (!isObject(value)) return value
  const of = (name: string) => schema?.properties?.[name] ?? additional(schema)
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, celValue(item, of(name))]))
}

function additional(schema: Schema | undefined): Schema | undefined {
  const others = schema?.additionalProperties
  return isObject(others) ? (others as Schema) : undefined
}
