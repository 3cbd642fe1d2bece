import type { EventReason } from '@pod-eip/domain'
import { type Cluster, events } from '@pod-eip/kube'
import type { Clock, Logger } from '@pod-eip/runtime'
import { eventAbout } from '../kube-events/event-object.ts'
import type { ConfigPlace } from './seen-config.ts'

/** Tells of the ConfigMap, in Kubernetes Events on it. */
export interface EgressEvents {
  /** The same is told once for as long as the API server remembers. What cannot be told is only logged. */
  post(reason: EventReason, message: string, uid: string): Promise<void>
}

export function createEgressEvents(deps: {
  cluster: Pick<Cluster, 'create'>
  place: ConfigPlace
  clock: Clock
  logger: Logger
}): EgressEvents {
  const { cluster, place, clock, logger } = deps
  const { namespace, name } = place
  return {
    async post(reason, message, uid) {
      const about = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name, uid }
      const at = new Date(clock.now()).toISOString()
      const story = { type: 'Warning', reason, message } as const
      try {
        await cluster.create(events, eventAbout(about, `${uid} ${reason} ${message}`, at, story))
      } catch (error) {
        logger.debug({ err: error }, 'an Event about the ConfigMap was not told, or was told before')
      }
    },
  }
}
