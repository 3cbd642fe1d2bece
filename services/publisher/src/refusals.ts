import { isReplaced, KubeError, type WriteRefusal, writeRefusal } from '@pod-eip/kube'

/** Another object is in the way of what was meant, or none is there any more. */
export function isGone(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404
}

export function alreadyExists(error: unknown): boolean {
  return error instanceof KubeError && error.status === 409 && error.reason === 'AlreadyExists'
}

/** The write was about another state of the object, or about what another one owns. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubeError && error.status === 409
}

/** The object was replaced or has gone since it was looked at: look again. Webhooks, too, may refuse with 404. */
export function isStale(error: unknown): boolean {
  return isReplaced(error) || (isGone(error) && writeRefusal(error) === null)
}

/** Who does not let something be written; `null` for what may pass by itself, or is mended otherwise. */
export function refusalOf(error: unknown): WriteRefusal | null {
  return namespaceGone(error) || isUndeclared(error) ? null : writeRefusal(error)
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

/** Refusals of several things that do not wait for each other. */
export interface Refusals {
  /** Throws what the call throws, except that it is refused. */
  during(call: () => Promise<void>): Promise<void>
  /** Throws the first refusal, if there was one. */
  raise(): void
}

export function createRefusals(): Refusals {
  const errors: unknown[] = []
  return {
    async during(call) {
      try {
        await call()
      } catch (error) {
        if (refusalOf(error) === null) throw error
        errors.push(error)
      }
    },
    raise() {
      if (errors.length > 0) throw errors[0]
    },
  }
}
