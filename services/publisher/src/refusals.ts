import { KubeError } from '@pod-eip/kube'

/** Another object is in the way of what was meant, or none is there any more. */
export function isGone(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404
}

export function alreadyExists(error: unknown): boolean {
  return error instanceof KubeError && error.status === 409 && error.reason === 'AlreadyExists'
}

/** The object was replaced or changed since it was looked at: look again. */
export function isStale(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 404 || error.status === 409 || error.status === 422)
}

/** The namespace is gone or going: nothing can be made in it any more, and nobody is there to read it. */
export function namespaceGone(error: unknown): boolean {
  if (!(error instanceof KubeError)) return false
  return (
    (error.status === 403 && /is being terminated/.test(error.message)) ||
    (error.status === 404 && /namespaces? "[^"]*" not found/.test(error.message))
  )
}

/** The definition of the object's kind lacks what was sent: it is an older one, or somebody changed it. */
export function isUndeclared(error: unknown): boolean {
  return error instanceof KubeError && /field not declared in schema/.test(error.message)
}

/** The API server will not have this object, however often it is sent. */
export function isInvalid(error: unknown): boolean {
  return error instanceof KubeError && (error.status === 400 || error.status === 422)
}
