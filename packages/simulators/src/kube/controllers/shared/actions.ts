import type { AnyObject, OwnerReference } from './objects.ts'
import type { Resource } from './resources.ts'

/** One thing that a controller asks of the API server, or of the network. Plain data. */
export type Action =
  | { do: 'create'; resource: Resource; object: Writable }
  /** Replaces spec and metadata; refused with a conflict when `resourceVersion` is not the latest. */
  | { do: 'update'; resource: Resource; object: Writable }
  | { do: 'updateStatus'; resource: Resource; object: Writable }
  /** Only the object with this uid. Without grace the resource's own default holds. */
  | { do: 'delete'; resource: Resource; object: Writable; gracePeriodSeconds?: number }
  /** Makes `owner` the controller of an object that has none. */
  | { do: 'adopt'; resource: Resource; object: Writable; owner: OwnerReference }
  | { do: 'bind'; pod: Writable; nodeName: string }
  | {
      do: 'event'
      about: Writable
      type: 'Normal' | 'Warning'
      reason: string
      message: string
      source: string
    }
  /** The Pod's address is on its node's network interface from here on, or no longer. */
  | { do: 'attachIp'; pod: Writable; nodeName: string; ip: string }
  | { do: 'releaseIp'; podUid: string }

/** An object as it is handed to the API: any of the typed views. */
export type Writable = Pick<AnyObject, 'apiVersion' | 'kind' | 'metadata'>

/** What one look at the state of things asks for. */
export interface Plan {
  /** In this order; the rest is dropped when one is refused. */
  actions: Action[]
  /** Look again at this time (ms since the epoch), even if nothing changes. */
  again?: number
}

/** Nothing to do. */
export const nothing: Plan = { actions: [] }

/** A plan that looks again at the earliest of the given times. */
export function plan(actions: Action[], ...again: (number | null | undefined)[]): Plan {
  const times = again.filter((t) => t != null)
  return times.length > 0 ? { actions, again: Math.min(...times) } : { actions }
}
