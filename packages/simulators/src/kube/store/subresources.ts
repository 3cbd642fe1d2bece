import type { KubeObject } from '@pod-eip/kube'
import { ApiError, badRequest, cause, conflict, invalid, notFound } from './api-error.ts'
import { at, copy, put } from './json.ts'
import type { Operations, WriteOptions } from './operations.ts'
import type { ResourceType } from './resource-type.ts'
import { selectorText } from './selectors.ts'
import { replaceObject } from './update.ts'

/** The scale subresource, `autoscaling/v1`. */
export interface Scale extends KubeObject {
  spec: { replicas: number }
  status: { replicas: number; selector?: string }
}

/** @throws ApiError 404 when the resource has no scale */
export function readScale(type: ResourceType, object: KubeObject): Scale {
  if (!type.scale) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')
  const { specReplicas, statusReplicas, selector } = type.scale
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selected = selectorText(selector ? at(object, selector) : undefined)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: copy({ name, namespace, uid, resourceVersion, creationTimestamp }) as Scale['metadata'],
    spec: { replicas: Number(at(object, specReplicas) ?? 0) },
    status: {
      replicas: Number(at(object, statusReplicas) ?? 0),
      ...(selected === '' ? {} : { selector: selected }),
    },
  }
}

export function writeScale(
  operations: Operations,
  type: ResourceType,
  before: KubeObject,
  replicas: number,
  options: WriteOptions,
): Scale {
  if (!type.scale) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')
  if (!Number.isInteger(replicas) || replicas < 0) {
    const why = cause.invalid('spec.replicas', replicas, 'must be greater than or equal to 0')
    throw invalid(type, before.metadata.name, [why])
  }
  const draft = copy(before)
  put(draft, type.scale.specReplicas, replicas)
  return readScale(type, replaceObject(operations, type, before, draft, options))
}

/** Gives a Pod its Node. @throws ApiError 409 when it has one already, or is being deleted */
export function bindPod(
  operations: Operations,
  namespace: string,
  name: string,
  nodeName: string,
): KubeObject {
  const { core, registry } = operations
  const pods = registry.find({ group: '', version: 'v1', plural: 'pods' })
  const before = core.find(pods, namespace, name)
  if (!before) throw notFound(pods, name)
  if (!nodeName) throw badRequest('a Binding needs the name of a Node in target.name')
  if (before.metadata.deletionTimestamp) {
    throw conflict(pods, name, `pod ${name} is being deleted, cannot be assigned to a host`)
  }
  if (before.spec.nodeName) {
    throw conflict(pods, name, `pod ${name} is already assigned to node "${before.spec.nodeName}"`)
  }
  const draft = copy(before)
  draft.spec.nodeName = nodeName
  const others = (draft.status?.conditions ?? []).filter((c: { type: string }) => c.type !== 'PodScheduled')
  const scheduled = {
    lastProbeTime: null,
    lastTransitionTime: core.timestamp(),
    status: 'True',
    type: 'PodScheduled',
  }
  draft.status = { ...draft.status, conditions: [...others, scheduled] }
  return core.save(pods, draft)
}
