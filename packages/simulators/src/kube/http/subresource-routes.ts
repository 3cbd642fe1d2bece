import type { KubeObject } from '@pod-eip/kube'
import { jsonPatch } from '../patch/json-patch.ts'
import { mergePatch } from '../patch/merge-patch.ts'
import { badRequest, staleWrite } from '../store/api-error.ts'
import { at, isObject } from '../store/json.ts'
import type { ResourceType } from '../store/resource-type.ts'
import { type ApiContext, noSuchResource, notAllowed } from './api-context.ts'
import { answer, type Exchange, readObjectBody } from './exchange.ts'
import { withPlace } from './place.ts'
import { readPatch } from './read-patch.ts'
import { readSentObject } from './sent-object.ts'
import { show } from './show.ts'
import { success } from './status.ts'
import type { Target } from './target.ts'
import { writeOptions } from './write-options.ts'

/** Answers a request for `status`, `scale`, a part of an object, and what Pods have besides. */
export async function handleSubresource(
  context: ApiContext,
  exchange: Exchange,
  target: Target,
  type: ResourceType,
): Promise<void> {
  const { namespace, name = '', subresource } = target
  switch (subresource) {
    case 'status':
      if (!type.status) throw noSuchResource()
      return handlePart(context, exchange, type, namespace, name, subresource)
    case 'scale':
      return handleScale(context, exchange, type, namespace, name)
  }
  if (subresource && type.parts?.[subresource]) {
    return handlePart(context, exchange, type, namespace, name, subresource)
  }
  if (type.group !== '' || type.plural !== 'pods') throw noSuchResource()
  // A Pod that is not there is told before what it could not do.
  context.store.get(type, namespace, name)
  switch (subresource) {
    case 'binding':
      return bind(context, exchange, namespace ?? '', name)
    case 'eviction':
      return evict(context, exchange, type, namespace, name)
    case 'log':
      throw badRequest(`Pod ${name} has no logs: no containers run in a simulated cluster`)
    case 'exec':
    case 'attach':
    case 'portforward':
      throw badRequest(`nothing to ${subresource} in Pod ${name}: no containers run in a simulated cluster`)
    default:
      throw noSuchResource()
  }
}

/** Reads the object, and writes what the subresource has of it. */
async function handlePart(
  { store }: ApiContext,
  exchange: Exchange,
  type: ResourceType,
  namespace: string | null,
  name: string,
  subresource: string,
): Promise<void> {
  const answerWith = (object: KubeObject) => answer(exchange, 200, show(exchange, type, object, store.now()))
  switch (exchange.method) {
    case 'GET':
      return answerWith(store.get(type, namespace, name))
    case 'PUT': {
      const object = withPlace(await readSentObject(exchange, type), namespace, name)
      return answerWith(store.update(type, object, { ...writeOptions(exchange), subresource }))
    }
    case 'PATCH':
      return answerWith(store.patch(type, namespace, name, await readPatch(exchange, subresource)))
    default:
      throw notAllowed()
  }
}

async function handleScale(
  { store }: ApiContext,
  exchange: Exchange,
  type: ResourceType,
  namespace: string | null,
  name: string,
): Promise<void> {
  const before = store.getScale(type, namespace, name)
  const scaleTo = (scale: unknown) => {
    const asked = at(scale, ['metadata', 'resourceVersion'])
    if (asked && asked !== before.metadata.resourceVersion) {
      throw staleWrite(type, name)
    }
    const replicas = Number(at(scale, ['spec', 'replicas']) ?? 0)
    answer(exchange, 200, store.setScale(type, namespace, name, replicas, writeOptions(exchange)))
  }
  switch (exchange.method) {
    case 'GET':
      return answer(exchange, 200, before)
    case 'PUT':
      return scaleTo(await readObjectBody(exchange))
    case 'PATCH': {
      const { type: kind, body } = await readPatch(exchange)
      return scaleTo(kind === 'json' ? jsonPatch(before, body) : mergePatch(before, body))
    }
    default:
      throw notAllowed()
  }
}

async function bind(
  { store }: ApiContext,
  exchange: Exchange,
  namespace: string,
  name: string,
): Promise<void> {
  if (exchange.method !== 'POST') throw notAllowed()
  const nodeName = at(await readObjectBody(exchange), ['target', 'name'])
  store.bind(namespace, name, String(nodeName ?? ''))
  answer(exchange, 201, success({}, 201))
}

/** An eviction is a delete that a PodDisruptionBudget could refuse; there are none here. */
async function evict(
  { store }: ApiContext,
  exchange: Exchange,
  type: ResourceType,
  namespace: string | null,
  name: string,
): Promise<void> {
  if (exchange.method !== 'POST') throw notAllowed()
  const body = await readObjectBody(exchange)
  const options = isObject(body.deleteOptions) ? body.deleteOptions : {}
  const grace = options.gracePeriodSeconds
  store.delete(type, namespace, name, typeof grace === 'number' ? { gracePeriodSeconds: grace } : {})
  answer(exchange, 201, success({}, 201))
}
