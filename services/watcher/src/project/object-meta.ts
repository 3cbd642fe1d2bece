import type { ObjectRef } from '@pod-eip/domain'
import { KubeError, type KubeObject } from '@pod-eip/kube'
import { z } from 'zod'

/** What every object that an API server shows has. */
export const metaSchema = z.object({
  name: z.string().min(1),
  uid: z.string().min(1),
  // Compared as numbers, here and in the rules.
  resourceVersion: z.string().regex(/^\d+$/, 'not a whole number'),
  creationTimestamp: z.string().nullish(),
  deletionTimestamp: z.string().nullish(),
  ownerReferences: z
    .array(
      z.object({
        apiVersion: z.string().min(1),
        kind: z.string().min(1),
        name: z.string().min(1),
        uid: z.string().min(1),
        controller: z.boolean().nullish(),
      }),
    )
    .nullish(),
})

/**
 * How references are written of what exists. An API server takes any text, of any length, from whoever may make a Pod;
 * they are recorded, shown, and become parts of paths.
 */
const referenceForms = {
  apiVersion: /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[a-z0-9]{1,63}$/,
  kind: /^[A-Za-z][A-Za-z0-9-]{0,62}$/,
  // Any name that a path can have: there are kinds whose objects are not named as DNS has it.
  name: /^(?!\.{1,2}$)[^\p{C}\s/%?#]{1,253}$/u,
  uid: /^\w[\w.:-]{0,127}$/,
} as const

/** The objects that an object names as its owners, without those that cannot exist. */
export function ownersOf(metadata: z.infer<typeof metaSchema>): (ObjectRef & { controls: boolean })[] {
  return (metadata.ownerReferences ?? []).flatMap(({ apiVersion, kind, name, uid, controller }) => {
    const reference = { apiVersion, kind, name, uid }
    const exists = Object.entries(referenceForms).every(([part, form]) =>
      form.test(reference[part as keyof typeof referenceForms]),
    )
    return exists ? [{ ...reference, controls: controller === true }] : []
  })
}

/** The one owner that manages an object, such as the ReplicaSet of a Pod; `null` when nobody does. */
export function controllerOf(metadata: z.infer<typeof metaSchema>): ObjectRef | null {
  const owner = ownersOf(metadata).find(({ controls }) => controls)
  return owner ? { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name, uid: owner.uid } : null
}

/** `apps` of `apps/v1`; empty for the core's `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
}

/** Namespace and name of an object are no longer than this together. */
const longestName = 320

/**
 * The fields of an object that are of interest.
 * @throws KubeError with one sentence when the object is not what its kind promises, which is tried again
 */
export function readObject<T>(schema: z.ZodType<T>, kind: string, object: KubeObject): T {
  const parsed = safeParse(schema, object)
  if (parsed?.success) return parsed.data
  const issue = parsed?.error.issues[0] ?? { path: ['form'], message: 'it cannot be read' }
  const { namespace, name }: Record<string, unknown> = Object(Object(object).metadata)
  const shown = [namespace, name].filter((part) => typeof part === 'string' && part !== '').join('/')
  throw new KubeError(
    0,
    'BrokenObject',
    `the API server shows a ${kind} ${shown.slice(0, longestName) || 'without a name'} whose ${issue.path.join('.')} is wrong (${issue.message}); check what stands between it and pod-eip`,
  )
}

/** `null` for what stops the schema itself: it compares whatever has a `length`, which need not be comparable. */
export function safeParse<T>(schema: z.ZodType<T>, object: unknown) {
  try {
    return schema.safeParse(object)
  } catch {
    return null
  }
}
