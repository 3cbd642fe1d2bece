import { defaultAnnotationDomain } from './names.ts'

/**
 * What tells the things of one installation of pod-eip from those of another one in the same cluster. An installation
 * is known there by its annotation domain; that of the default one is in none of these.
 */
export interface InstallationMarks {
  domain: string
  /** Owns what is written into any object (`metadata.managedFields`): each owner's fields are his alone. */
  fieldManager: string
  /** Holds an EIPClaim that somebody deletes until the log has answered. */
  reclaimFinalizer: string
  /** On the EIPClaims that were made from the log, and not by hand; the value differs between installations. */
  managedBy: { label: string; value: string }
}

const managedByLabel = 'app.kubernetes.io/managed-by'
const product = 'pod-eip'
const manager = `${product}-publisher`

/** The longest that Kubernetes takes: of a field manager, of the domain in a finalizer, of a label's value. */
const longest = { manager: 128, domain: 253, label: 63 }

/** The marks of the installation with the annotation domain `domain`. */
export function installationMarks(domain: string): InstallationMarks {
  return {
    domain,
    fieldManager: withDomain(manager, domain, longest.manager),
    reclaimFinalizer: `networking.${endOf(domain, longest.domain - 'networking.'.length)}/eip-reclaim`,
    managedBy: { label: managedByLabel, value: withDomain(product, domain, longest.label) },
  }
}

function withDomain(name: string, domain: string, most: number): string {
  return domain === defaultAnnotationDomain ? name : `${name}.${endOf(domain, most - name.length - 1)}`
}

/** A domain that is too long is known by its end. */
function endOf(domain: string, most: number): string {
  return domain.slice(-most).replace(/^[.-]+/, '')
}

/** Whether the publisher of any installation calls itself so in `metadata.managedFields`. */
export function isPublisher(fieldManager: string): boolean {
  return fieldManager === manager || fieldManager.startsWith(`${manager}.`)
}

const finalizerOfSome = /^networking\.([a-z0-9][-.a-z0-9]{0,252})\/eip-reclaim$/
const labelOfSome = /^pod-eip\.([a-z0-9][-.a-z0-9]{0,62})$/

/**
 * The annotation domain of the installation whose an EIPClaim is; empty when no pod-eip has made it or taken it over.
 * The finalizer says it: nobody else's is ever put beside it. One without is known by its label, as between losing
 * the finalizer and going.
 */
export function claimHolder(
  { finalizers, labels }: { finalizers?: string[] | undefined; labels?: Record<string, string> | undefined },
  marks: InstallationMarks,
): string {
  for (const finalizer of finalizers ?? []) {
    if (finalizer === marks.reclaimFinalizer) return marks.domain
    const domain = finalizerOfSome.exec(finalizer)?.[1]
    if (domain) return domain
  }
  const value = labels?.[managedByLabel] ?? ''
  if (value === marks.managedBy.value) return marks.domain
  if (value === product) return defaultAnnotationDomain
  return labelOfSome.exec(value)?.[1] ?? ''
}
