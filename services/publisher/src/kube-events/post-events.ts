import {
  type Claim,
  type DomainEvent,
  eventStory,
  type ForeignStory,
  predecessorStory,
} from '@pod-eip/domain'
import { type Cluster, events as eventResource, type KubeObject } from '@pod-eip/kube'
import type { ReadModels } from '@pod-eip/read-models'
import type { Clock } from '@pod-eip/runtime'
import { alreadyExists, namespaceGone, refusalOf } from '../refusals.ts'
import {
  eventObject,
  foreignEvent,
  type Involved,
  predecessorEvent,
  strayObjectEvent,
} from './event-object.ts'

/** The API server forgets Events after an hour: what is older is history, which the log keeps. */
const oldestMs = 3_600_000

/** Tells facts of the log as Kubernetes Events, on the Pod and on the EIPClaim. Telling one twice tells it once. */
export interface EventPoster {
  /**
   * @param event about a claim
   * @param claim as it stands now; `null` when the log knows none
   * @param objectUid of the claim's EIPClaim; empty when there is none
   */
  post(key: string, event: DomainEvent, claim: Claim | null, objectUid: string): Promise<void>
  /** Tells a Pod that it waits for its predecessor's EIP to go; once for each Pod, and only if it still does. */
  tellOfPredecessor(claim: Claim): Promise<void>
  /**
   * Tells what somebody else does to what pod-eip writes; once for each identity.
   * @param key of the claim, or the name of what has no namespace
   */
  tellOf(key: string, identity: string, story: ForeignStory, involved: Involved): Promise<void>
  /** Warns on an EIPClaim that was made by hand; once for each object. */
  warnOfStray(key: string, objectUid: string): Promise<void>
}

export interface EventPosterDeps {
  cluster: Cluster
  readModels: Pick<ReadModels, 'intent'>
  clock: Clock
  /** Told of an Event that the API server does not take: it is not tried again. */
  onRefused: (event: KubeObject, error: unknown) => void
}

export function createEventPoster({ cluster, readModels, clock, onRefused }: EventPosterDeps): EventPoster {
  const warned = new Set<string>()
  /** Pods by claim that were told that they wait. */
  const waiting = new Map<string, string>()

  async function create(object: KubeObject): Promise<void> {
    try {
      await cluster.create(eventResource, object)
    } catch (error) {
      if (alreadyExists(error) || namespaceGone(error)) return
      if (refusalOf(error) === null) throw error
      onRefused(object, error)
    }
  }

  /** The Pod that the fact befell: named by it or by the cloud call that it ends, else the claim's own. */
  async function podUidOf({ data }: DomainEvent, claim: Claim | null): Promise<string | null> {
    if ('podUid' in data) return data.podUid
    const intent = 'intentId' in data ? await readModels.intent(data.intentId) : null
    const member = 'claim' in data ? intent?.members.find((m) => m.claim === data.claim) : undefined
    return member?.podUid || (claim?.pod?.uid ?? null)
  }

  return {
    async post(key, event, claim, objectUid) {
      const story = eventStory(event) ?? null
      if (!story || clock.now() - Date.parse(event.occurredAt) > oldestMs) return
      const podUid = story.onPod ? await podUidOf(event, claim) : null
      const involved: Involved[] = [
        ...(podUid ? [{ kind: 'Pod', uid: podUid } as const] : []),
        ...(story.onClaim ? [{ kind: 'EIPClaim', uid: objectUid } as const] : []),
      ]
      for (const whom of involved) await create(eventObject(key, event, story, whom))
    },
    async tellOfPredecessor(claim) {
      const story = predecessorStory(claim)
      const podUid = claim.pod?.uid ?? ''
      if (!story) return void waiting.delete(claim.key)
      if (waiting.get(claim.key) === podUid) return
      await create(predecessorEvent(claim.key, podUid, story, new Date(clock.now()).toISOString()))
      waiting.set(claim.key, podUid)
    },
    tellOf: (key, identity, story, involved) =>
      create(foreignEvent(key, identity, story, involved, new Date(clock.now()).toISOString())),
    async warnOfStray(key, objectUid) {
      if (warned.has(objectUid)) return
      await create(strayObjectEvent(key, objectUid, new Date(clock.now()).toISOString()))
      warned.add(objectUid)
    },
  }
}
