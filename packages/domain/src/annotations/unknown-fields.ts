import { editDistance } from './edit-distance.ts'
import { attributeFields, withoutEmpty } from './eip-attributes.ts'
import type { PodRequest } from './pod-request.ts'
import { quote } from './quote.ts'

/** So many fields are named at most. */
const mostNamed = 5

/**
 * What to tell the user whose `eip-attributes` has fields that nobody reads: TKE ignores them, and so the EIP is
 * not what was meant. `null` when there is none, or the annotation cannot be read at all.
 */
export function unknownFieldsWarning({ attributes }: PodRequest): string | null {
  const unknown = unknownFields(attributes ?? '')
  if (unknown.length === 0) return null
  const named = unknown.slice(0, mostNamed).map(withKnown).join(', ')
  const more = unknown.length > mostNamed ? ` and ${unknown.length - mostNamed} more` : ''
  return unknown.length === 1
    ? `annotation eip-attributes has the unknown field ${named}, which is ignored; correct or remove it.`
    : `annotation eip-attributes has the unknown fields ${named}${more}, which are ignored; correct or remove them.`
}

function unknownFields(annotation: string): string[] {
  try {
    const json: unknown = JSON.parse(annotation)
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return []
    return Object.keys(withoutEmpty(json)).filter((field) => !attributeFields.includes(field))
  } catch {
    return []
  }
}

function withKnown(field: string): string {
  const known = attributeFields.find((known) => isClose(field, known))
  return known ? `${quote(field)} (${known} is meant?)` : quote(field)
}

/** One letter in three may be wrong, two at most, and large letters do not matter. */
function isClose(field: string, known: string): boolean {
  const most = Math.min(2, Math.floor(known.length / 3))
  return editDistance(field.toLowerCase(), known.toLowerCase(), most) <= most
}
