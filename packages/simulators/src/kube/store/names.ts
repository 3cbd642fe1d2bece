import type { KubeObject, OwnerReference } from '@pod-eip/kube'
import type { Ids } from '@pod-eip/runtime'
import { type Cause, cause } from './api-error.ts'
import type { ResourceType } from './resource-type.ts'

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const qualifiedPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/

const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const labelKeyRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const labelValueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

/** What is wrong with an object's metadata. */
export function metadataCauses(type: ResourceType, { metadata }: KubeObject): Cause[] {
  const field = 'metadata.labels'
  return [
    ...nameCauses('metadata.name', metadata.name, type.rules.nameIs ?? 'subdomain'),
    ...qualifiedNameCauses(field, Object.keys(metadata.labels ?? {})),
    ...annotationCauses(metadata.annotations ?? {}),
    ...Object.values(metadata.labels ?? {}).flatMap((value) => labelValueCauses(field, value)),
    ...(metadata.ownerReferences ?? []).flatMap((owner, i) =>
      (['apiVersion', 'kind', 'name', 'uid'] as const).flatMap((key) =>
        owner[key]
          ? []
          : [cause.invalid(`metadata.ownerReferences[${i}].${key}`, owner[key] ?? '', 'must not be empty')],
      ),
    ),
    ...controllerCauses(metadata.ownerReferences ?? []),
    ...finalizerCauses(type, metadata.finalizers ?? []),
  ]
}

const annotationBytes = 256 * 1024

function annotationCauses(annotations: Record<string, string>): Cause[] {
  const field = 'metadata.annotations'
  const bytes = Object.entries(annotations)
    .flat()
    .map((text) => Buffer.byteLength(text))
  const size = bytes.reduce((sum, one) => sum + one, 0)
  return [
    ...qualifiedNameCauses(field, Object.keys(annotations), (key) => key.toLowerCase()),
    ...(size > annotationBytes ? [cause.tooLong(field, annotationBytes)] : []),
  ]
}

const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion']

function finalizerCauses({ custom, group }: ResourceType, finalizers: string[]): Cause[] {
  const field = 'metadata.finalizers'
  // Definitions and what they define are held to less.
  const isLax = custom || group === 'apiextensions.k8s.io'
  const causes = finalizers.flatMap((finalizer, i) => [
    ...qualifiedNameCauses(field, [finalizer]),
    ...(isLax || finalizer.includes('/') || standardFinalizers.includes(finalizer)
      ? []
      : [cause.invalid(`${field}[${i}]`, finalizer, unqualifiedFinalizer)]),
  ])
  if (!finalizers.includes('orphan') || !finalizers.includes('foregroundDeletion')) return causes
  const why = 'finalizer orphan and foregroundDeletion cannot be both set'
  return [...causes, cause.invalid(field, finalizers, why)]
}

const unqualifiedFinalizer = 'name is neither a standard finalizer name nor is it fully qualified'

function controllerCauses(owners: OwnerReference[]): Cause[] {
  const [first, second] = owners.filter(({ controller }) => controller)
  if (!first || !second) return []
  const why = `Only one reference can have Controller set to true. Found "true" in references for ${first.name} and ${second.name}`
  return [cause.invalid('metadata.ownerReferences', owners, why)]
}

/** What is wrong with a name. */
export function nameCauses(
  field: string,
  name: string | undefined,
  form: 'subdomain' | 'label' | 'path segment',
): Cause[] {
  if (!name) return [cause.required(field, 'name or generateName is required')]
  switch (form) {
    case 'label':
      if (name.length > 63) return [cause.invalid(field, name, 'must be no more than 63 characters')]
      return label.test(name) ? [] : [cause.invalid(field, name, labelRule)]
    case 'subdomain':
      if (name.length > 253) return [cause.invalid(field, name, 'must be no more than 253 characters')]
      return subdomain.test(name) ? [] : [cause.invalid(field, name, subdomainRule)]
    case 'path segment':
      return /[/%]/.test(name) || name === '.' || name === '..'
        ? [cause.invalid(field, name, "may not contain '/' or '%', nor be '.' or '..'")]
        : []
  }
}

/** What is wrong with names that may have a domain before a slash, such as keys of labels. */
export function qualifiedNameCauses(field: string, keys: string[], seen = (key: string) => key): Cause[] {
  return keys.flatMap((key) => {
    const parts = seen(key).split('/')
    const [prefix, name] = parts.length > 1 ? [parts[0]!, parts.slice(1).join('/')] : [undefined, parts[0]!]
    if (prefix !== undefined && !subdomain.test(prefix)) {
      return [cause.invalid(field, key, `prefix part ${subdomainRule}`)]
    }
    if (name.length > 63) return [cause.invalid(field, key, 'name part must be no more than 63 characters')]
    return qualifiedPart.test(name) ? [] : [cause.invalid(field, key, labelKeyRule)]
  })
}

/** What is wrong with the value of a label. */
export function labelValueCauses(field: string, value: string): Cause[] {
  if (value.length > 63) return [cause.invalid(field, value, 'must be no more than 63 characters')]
  return value === '' || qualifiedPart.test(value) ? [] : [cause.invalid(field, value, labelValueRule)]
}

// Without vowels and look-alikes, so that no name spells a word.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** A name for `generateName`: the prefix and five characters. */
export function generateName(prefix: string, ids: Ids): string {
  const digits = ids.next().replaceAll('-', '').slice(-10)
  const letters = [0, 2, 4, 6, 8].map(
    (i) => alphabet[Number.parseInt(digits.slice(i, i + 2), 16) % alphabet.length],
  )
  return prefix.slice(0, 58) + letters.join('')
}
