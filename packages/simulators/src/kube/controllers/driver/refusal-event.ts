import type { Action } from '../shared/actions.ts'
import { controllerRef } from '../shared/pod-state.ts'
import { pods } from '../shared/resources.ts'

/** What the owner of a Pod is told when the API refuses to create the Pod; `null` for any other action. */
export function refusalEvent(action: Action, why: string): Action | null {
  if (action.do !== 'create' || action.resource !== pods) return null
  const owner = controllerRef(action.object)
  if (!owner) return null
  const { apiVersion, kind, name, uid } = owner
  const { namespace = 'default' } = action.object.metadata
  const message =
    kind === 'StatefulSet'
      ? `Create Pod ${action.object.metadata.name} in StatefulSet ${name} failed error: ${why}`
      : `Error creating: ${why}`
  return {
    do: 'event',
    about: { apiVersion, kind, metadata: { name, namespace, uid } },
    type: 'Warning',
    reason: 'FailedCreate',
    message,
    source: `${kind.toLowerCase()}-controller`,
  }
}
