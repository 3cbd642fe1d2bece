import type { KubeObject } from '../cluster.ts'
import { crdRevision, crdRevisionAnnotation, eipClaimCrd } from './eip-claim-crd.ts'

/** What the API server fills in by itself where we say nothing; it adds nothing else to a definition of ours. */
const serverDefaults = { conversion: { strategy: 'None' } }

/**
 * Where an installed definition is to be brought to this build's, as a path such as
 * `spec.versions[0].schema.openAPIV3Schema.properties.status.required`; empty where it is nowhere, and where it is of
 * a newer build. What is there besides ours counts, too: one more `maxLength` or `required` makes the API server
 * refuse what is published.
 */
export function crdDifference(crd: KubeObject): string {
  const revision = revisionOf(crd)
  if (revision > crdRevision) return ''
  const inside = difference(crd.spec, { ...serverDefaults, ...eipClaimCrd.spec }, 'spec')
  return inside ?? (revision < crdRevision ? `metadata.annotations.${crdRevisionAnnotation}` : '')
}

/** The revision of an installed definition; 0 when it does not say. */
export function revisionOf(crd: KubeObject): number {
  return Number(crd.metadata.annotations?.[crdRevisionAnnotation]) || 0
}

function difference(has: unknown, wanted: unknown, path: string): string | null {
  if (!isContainer(has) || !isContainer(wanted)) return has === wanted ? null : path
  if (Array.isArray(has) !== Array.isArray(wanted)) return path
  for (const field of new Set([...Object.keys(wanted), ...Object.keys(has)])) {
    const inside = Array.isArray(wanted) ? `${path}[${field}]` : `${path}.${field}`
    const found = difference(has[field], wanted[field], inside)
    if (found !== null) return found
  }
  return null
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
