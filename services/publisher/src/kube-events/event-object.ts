import { createHash } from 'node:crypto'
import { type DomainEvent, type EventStory, type ForeignStory, splitClaimKey } from '@pod-eip/domain'
import { customResourceDefinitions, eipClaims, type KubeObject } from '@pod-eip/kube'

/** Whom an Event is about. */
export interface Involved {
  kind: 'Pod' | 'EIPClaim' | 'Node' | 'CustomResourceDefinition'
  /** Empty when the object is gone and its uid was never known. */
  uid: string
}

/** The object that an Event is about. */
export interface InvolvedObject {
  apiVersion: string
  kind: string
  /** Absent for what has none, such as a Node. */
  namespace?: string
  name: string
  /** Empty when it was never known. */
  uid: string
}

/** The longest message that the API server takes. */
const longestMessage = 1024
const longestName = 253

/**
 * The Kubernetes Event that tells a fact of the log. Its name follows from the fact and whom it is about,
 * so that telling it twice makes one Event.
 */
export function eventObject(
  claim: string,
  event: Pick<DomainEvent, 'position' | 'occurredAt'>,
  story: EventStory,
  involved: Involved,
): KubeObject {
  const identity = `${event.position} ${event.occurredAt} ${involved.kind}`
  return kubeEvent(claim, identity, event.occurredAt, story, involved)
}

/** An Event about an EIPClaim that was made by hand, and that nothing will ever be done about. */
export function strayObjectEvent(claim: string, uid: string, now: string): KubeObject {
  const { name } = splitClaimKey(claim)
  const story = {
    type: 'Warning',
    reason: 'NotMadeByPodEip',
    message: `EIPClaims are made for Pods that ask for an EIP, and this one was made by hand, so it does nothing; delete it, and annotate Pod ${name} instead.`,
  } as const
  return kubeEvent(claim, `stray ${uid}`, now, story, { kind: 'EIPClaim', uid })
}

/** An Event about a Pod that waits for the one before it; the same one for as long as it waits. */
export function predecessorEvent(claim: string, podUid: string, story: EventStory, now: string): KubeObject {
  return kubeEvent(claim, `predecessor ${podUid}`, now, story, { kind: 'Pod', uid: podUid })
}

/**
 * An Event about what another writer did to an object.
 * @param key of the claim, or the name of what has no namespace
 * @param identity the same for what is to be told once
 */
export function foreignEvent(
  key: string,
  identity: string,
  story: ForeignStory,
  involved: Involved,
  now: string,
): KubeObject {
  return kubeEvent(key, `${story.reason} ${identity}`, now, story, involved)
}

function kubeEvent(
  claim: string,
  identity: string,
  at: string,
  story: Pick<EventStory, 'type' | 'reason' | 'message'>,
  { kind, uid }: Involved,
): KubeObject {
  const named =
    kind === 'Node' || kind === 'CustomResourceDefinition' ? { name: claim } : splitClaimKey(claim)
  return eventAbout({ apiVersion: apiVersionOf(kind), kind, ...named, uid }, identity, at, story)
}

function apiVersionOf(kind: Involved['kind']): string {
  const resource = [eipClaims, customResourceDefinitions].find((one) => one.kind === kind)
  return resource ? `${resource.group}/${resource.version}` : 'v1'
}

/**
 * An Event about any object.
 * @param identity what makes it another Event than the others about that object
 * @param at ISO 8601
 */
export function eventAbout(
  { uid, ...object }: InvolvedObject,
  identity: string,
  at: string,
  story: Pick<EventStory, 'type' | 'reason' | 'message'>,
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    // What has no namespace has its Events in this one.
    metadata: { name: eventName(object.name, identity), namespace: object.namespace ?? 'default' },
    involvedObject: { ...object, ...(uid && { uid }) },
    type: story.type,
    reason: story.reason,
    message: cut(story.message),
    source: { component: 'pod-eip' },
    reportingComponent: 'pod-eip',
    reportingInstance: '',
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  }
}

/** Named as the API server's own clients name Events: the object's name, a dot, hex digits. */
function eventName(name: string, identity: string): string {
  const hex = createHash('sha256').update(identity).digest('hex').slice(0, 16)
  const stem = name.slice(0, longestName - hex.length - 1).replace(/[.-]+$/, '')
  return `${stem}.${hex}`
}

function cut(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, longestMessage - 3)}...` : message
}
