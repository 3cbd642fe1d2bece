import type { KubeObject } from '@pod-eip/kube'
import { badRequest } from '../store/api-error.ts'
import { isObject } from '../store/json.ts'

/** An object of a PUT, which must be the one of the path. */
export function withPlace(object: KubeObject, namespace: string | null, name: string): KubeObject {
  const { metadata } = object
  if (!isObject(metadata) || metadata.name !== name) {
    throw badRequest(
      `the name of the object (${metadata?.name ?? ''}) does not match the name on the URL (${name})`,
    )
  }
  return namespace === null ? object : { ...object, metadata: { ...metadata, namespace } }
}
