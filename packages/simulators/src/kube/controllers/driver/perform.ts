import type { KubeObject } from '@pod-eip/kube'
import type { Random } from '@pod-eip/runtime'
import type { KubeStore } from '../../store/kube-store.ts'
import type { Action, Writable } from '../shared/actions.ts'
import { nameSuffix } from '../shared/json.ts'
import type { Node, Pod } from '../shared/objects.ts'
import { events } from '../shared/resources.ts'
import { timestamp } from '../shared/time.ts'
import type { Network } from './network.ts'

export interface PerformContext {
  store: KubeStore
  network: Network
  random: Random
  node: (name: string) => Node | undefined
  now: number
}

/** Does one action; throws the store's refusal as `ApiError`. */
export function perform(action: Action, context: PerformContext): void {
  const { store, network } = context
  switch (action.do) {
    case 'create':
      store.create(action.resource, written(action.object))
      break
    case 'update':
      store.update(action.resource, written(action.object))
      break
    case 'updateStatus':
      store.update(action.resource, written(action.object), { subresource: 'status' })
      break
    case 'delete': {
      const { namespace, name, uid } = action.object.metadata
      const { gracePeriodSeconds } = action
      store.delete(action.resource, namespace ?? null, name, {
        ...(uid ? { uid } : {}),
        ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      })
      break
    }
    case 'adopt': {
      const { namespace, name, uid } = action.object.metadata
      const body = { metadata: { uid, ownerReferences: [action.owner] } }
      store.patch(action.resource, namespace ?? null, name, { type: 'strategic', body })
      break
    }
    case 'bind':
      store.bind(action.pod.metadata.namespace ?? 'default', action.pod.metadata.name, action.nodeName)
      break
    case 'event':
      store.create(events, eventObject(action, context))
      break
    case 'attachIp': {
      const node = context.node(action.nodeName)
      if (node) network.attach(action.pod as Pod, node, action.ip)
      break
    }
    case 'releaseIp':
      network.release(action.podUid)
      break
  }
}

function written(object: Writable): KubeObject {
  return object as KubeObject
}

function eventObject(action: Extract<Action, { do: 'event' }>, { now, random }: PerformContext): KubeObject {
  const { metadata, kind, apiVersion } = action.about
  const at = timestamp(now)
  const namespace = metadata.namespace ?? 'default'
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${metadata.name}.${nameSuffix(random)}${nameSuffix(random)}${nameSuffix(random)}`,
      namespace,
    },
    involvedObject: {
      apiVersion,
      kind,
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
    },
    type: action.type,
    reason: action.reason,
    message: action.message,
    source: { component: action.source },
    reportingComponent: action.source,
    reportingInstance: '',
    firstTimestamp: at,
    lastTimestamp: at,
    eventTime: null,
    count: 1,
  }
}
