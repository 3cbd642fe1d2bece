import type { KubeObject } from '@pod-eip/kube'
import { jsonPatch } from '../patch/json-patch.ts'
import { mergePatch } from '../patch/merge-patch.ts'
import { strategicMergePatch } from '../patch/strategic-merge-patch.ts'
import { ApiError, badRequest, notFound } from './api-error.ts'
import { applyObject } from './apply-object.ts'
import { readObject } from './create.ts'
import { inVersion, type Operations } from './operations.ts'
import type { ChangePatch, Patch } from './patch.ts'
import type { ResourceType } from './resource-type.ts'
import { replaceObject } from './update.ts'
import type { Seen } from './views.ts'

/** Changes an object by a patch. @throws ApiError 404, 409 Conflict, 422 Invalid */
export function patchObject(
  operations: Operations,
  { asked, type, stored, shown }: Seen,
  namespace: string | null,
  name: string,
  patch: Patch,
): KubeObject {
  if (patch.type === 'apply') {
    const body = stored(patch.body as KubeObject)
    return applyObject(operations, type, namespace, name, { ...patch, body })
  }
  const before = operations.core.find(type, namespace, name)
  if (!before) throw notFound(type, name)
  const draft = readObject(type, stored(patched(asked, shown(inVersion(type, before)), patch)))
  if (
    draft.metadata.name !== name ||
    (draft.metadata.namespace ?? null) !== (before.metadata.namespace ?? null)
  ) {
    throw badRequest('metadata.name and metadata.namespace cannot be changed by a patch')
  }
  return inVersion(type, replaceObject(operations, type, before, draft, patch))
}

function patched(type: ResourceType, before: KubeObject, patch: ChangePatch): KubeObject {
  switch (patch.type) {
    case 'json':
      return jsonPatch(before, patch.body)
    case 'merge':
      return mergePatch(before, patch.body) as KubeObject
    case 'strategic':
      if (type.custom) {
        throw new ApiError(
          415,
          'UnsupportedMediaType',
          'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
        )
      }
      return strategicMergePatch(before, patch.body, type.schema) as KubeObject
  }
}
