import type { ClockEvents } from './clock-events.ts'
import type { CloudEvents } from './cloud-events.ts'
import type { ClusterEvents } from './cluster-events.ts'
import type { Decisions } from './decisions.ts'
import type { OperatorEvents } from './guard-events.ts'
import { type EndingOutcome, endsIntent, type Outcomes } from './outcomes.ts'
import type { RecoveryEvents } from './recovery-events.ts'
import { type SurveyEvents, surveyStream } from './survey-events.ts'
import type { TeardownEvents } from './teardown-events.ts'

export type EventData = ClusterEvents &
  CloudEvents &
  ClockEvents &
  Decisions &
  OperatorEvents &
  SurveyEvents &
  TeardownEvents &
  RecoveryEvents &
  Outcomes
export type EventType = keyof EventData
export type DecisionType = keyof Decisions

/** One fact of the log, as the rules see it. */
export type DomainEvent<T extends EventType = EventType> = {
  [K in T]: {
    type: K
    data: EventData[K]
    /** Place in the log: gapless, from 1. */
    position: number
    /** ISO 8601: when it was seen or decided. */
    occurredAt: string
    correlationId: string
  }
}[T]

/** Whether the event is the outcome of a cloud call, and ends the intent for its claim. */
export function isOutcome(event: DomainEvent): event is DomainEvent<EndingOutcome> {
  return endsIntent(event.type)
}

/** A fact about to be appended. */
export type NewDomainEvent<T extends EventType = EventType> = {
  [K in T]: { type: K; data: EventData[K] }
}[T]

/** Builds a fact with its data checked against its type. */
export function newEvent<T extends EventType>(type: T, data: EventData[T]): NewDomainEvent<T> {
  return { type, data } as NewDomainEvent<T>
}

/**
 * The stream of an event: one for each claim, each node, each guard and each owner that has ended, one for orders to
 * tear the cluster down, one for surveys, and one for which cluster it is.
 */
export function streamOf({ data }: NewDomainEvent): string {
  if ('claim' in data) return `claim/${data.claim}`
  if ('node' in data) return `node/${data.node}`
  if ('guard' in data) return `guard/${data.guard}`
  if ('recovery' in data) return 'recovery/log'
  if ('cluster' in data) return `teardown/${data.cluster}`
  if ('survey' in data) return surveyStream
  return 'clusterUid' in data || 'clusterId' in data ? 'cluster/identity' : `owner/${data.owner.uid}`
}

/** The claim's name in the log: `namespace/name`. */
export function claimKey(namespace: string, name: string): string {
  return `${namespace}/${name}`
}

/** Splits a claim's name into namespace and Pod name. */
export function splitClaimKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/')
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) }
}
