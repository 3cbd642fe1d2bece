import type { KubeObject } from '@pod-eip/kube'
import { badRequest } from './api-error.ts'
import { at } from './json.ts'

/** Whether an object is selected. */
export type Selector = (object: KubeObject) => boolean

const everything: Selector = () => true

/**
 * A label selector such as `app=web,tier in (a,b),!legacy`.
 *
 * @throws ApiError 400 when it cannot be read
 */
export function labelSelector(text: string | undefined): Selector {
  if (!text?.trim()) return everything
  const requirements = splitOutsideParentheses(text).map(labelRequirement)
  return (object) => requirements.every((holds) => holds(object.metadata.labels ?? {}))
}

function splitOutsideParentheses(text: string): string[] {
  return text.match(/(?:[^,(]|\([^)]*\))+/g)?.map((part) => part.trim()) ?? []
}

const setRequirement = /^(\w[\w./-]*)\s+(in|notin)\s*\(([^)]*)\)$/
const equalityRequirement = /^(\w[\w./-]*)\s*(==|=|!=)\s*([\w.-]*)$/
const presenceRequirement = /^(!?)\s*(\w[\w./-]*)$/

function labelRequirement(text: string): (labels: Record<string, string>) => boolean {
  const set = setRequirement.exec(text)
  if (set) {
    const [, key, operator, list] = set as unknown as [string, string, string, string]
    const values = list.split(',').map((value) => value.trim())
    return (labels) => (operator === 'in') === (key in labels && values.includes(labels[key] ?? ''))
  }
  const equality = equalityRequirement.exec(text)
  if (equality) {
    const [, key, operator, value] = equality as unknown as [string, string, string, string]
    return (labels) => (labels[key] === value) === (operator !== '!=')
  }
  const presence = presenceRequirement.exec(text)
  if (presence) {
    const [, not, key] = presence as unknown as [string, string, string]
    return (labels) => key in labels === (not === '')
  }
  throw badRequest(`unable to parse requirement: "${text}" is not a label selector`)
}

/**
 * A field selector such as `spec.nodeName=10.0.0.1,status.phase!=Running`.
 *
 * @param selectable the fields that this resource can be selected by
 * @throws ApiError 400 when it cannot be read, or names another field
 */
export function fieldSelector(text: string | undefined, selectable: readonly string[]): Selector {
  if (!text?.trim()) return everything
  const allowed = ['metadata.name', 'metadata.namespace', ...selectable]
  const requirements = text.split(',').map((part) => {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part.trim())
    if (!match) throw badRequest(`invalid selector: '${part}'; can't understand it`)
    const [, field, operator, value] = match as unknown as [string, string, string, string]
    if (!allowed.includes(field)) throw badRequest(`field label not supported: ${field}`)
    const path = field.split('.')
    return (object: KubeObject) => (String(at(object, path) ?? '') === value) === (operator !== '!=')
  })
  return (object) => requirements.every((holds) => holds(object))
}

/** An object's label selector (`matchLabels`, `matchExpressions`) as text. */
export function selectorText(selector: unknown): string {
  if (typeof selector === 'string') return selector
  const { matchLabels = {}, matchExpressions = [] } = (selector ?? {}) as {
    matchLabels?: Record<string, string>
    matchExpressions?: { key: string; operator: string; values?: string[] }[]
  }
  const equalities = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`)
  const others = matchExpressions.map(({ key, operator, values = [] }) => {
    switch (operator) {
      case 'Exists':
        return key
      case 'DoesNotExist':
        return `!${key}`
      default:
        return `${key} ${operator.toLowerCase()} (${values.join(',')})`
    }
  })
  return [...equalities, ...others].join(',')
}
