import { badRequest, tooLarge } from '../store/api-error.ts'
import type { KubeStore } from '../store/kube-store.ts'
import type { Selection } from '../store/list.ts'
import type { ResourceType } from '../store/resource-type.ts'
import { type ApiContext, noSuchResource, notAllowed } from './api-context.ts'
import { deleteOptions } from './delete-options.ts'
import { answer, type Exchange } from './exchange.ts'
import { listOptions } from './list-options.ts'
import { withPlace } from './place.ts'
import { flagOf, integerOf } from './query-values.ts'
import { readPatch } from './read-patch.ts'
import { readSentObject } from './sent-object.ts'
import { show, showList } from './show.ts'
import { success } from './status.ts'
import { handleSubresource } from './subresource-routes.ts'
import type { Target } from './target.ts'
import { watchCollection } from './watch-route.ts'
import { writeOptions } from './write-options.ts'

/** Answers a request for a collection, an object or a subresource. */
export async function handleResource(context: ApiContext, exchange: Exchange, target: Target): Promise<void> {
  const { store } = context
  const { group, version, plural } = target.resource
  const type = store
    .resources()
    .find((t) => t.group === group && t.version === version && t.plural === plural)
  if (!type) throw noSuchResource()
  if (target.subresource) await handleSubresource(context, exchange, target, type)
  else if (target.name === undefined) await handleCollection(context, exchange, target, type)
  else await handleObject(context, exchange, target, type, target.name)
}

async function handleCollection(context: ApiContext, exchange: Exchange, target: Target, type: ResourceType) {
  const { store } = context
  const { url, method } = exchange
  const selection = selectionOf(url, target.namespace)
  switch (method) {
    case 'GET': {
      // Read in every case, since both forms refuse what is no number.
      for (const name of ['limit', 'timeoutSeconds']) integerOf(url, name)
      if (flagOf(url, 'watch')) {
        watchCollection(context, exchange, type, selection)
        return
      }
      const page = store.list(type, { ...selection, ...listOptions(url) })
      const { items: _, ...metadata } = page
      answer(exchange, 200, showList(exchange, type, page.items, metadata, store.now()))
      return
    }
    case 'POST': {
      const object = await readSentObject(exchange, type)
      if (type.namespaced && target.namespace !== null) {
        object.metadata.namespace ||= target.namespace
        if (object.metadata.namespace !== target.namespace) {
          throw badRequest(
            'the namespace of the provided object does not match the namespace sent on the request',
          )
        }
      }
      answer(
        exchange,
        201,
        show(exchange, type, store.create(type, object, writeOptions(exchange)), store.now()),
      )
      return
    }
    case 'DELETE': {
      const items = store.deleteCollection(type, selection, await deleteOptions(exchange))
      answer(
        exchange,
        200,
        showList(exchange, type, items, { resourceVersion: store.resourceVersion() }, store.now()),
      )
      return
    }
    default:
      throw notAllowed()
  }
}

async function handleObject(
  context: ApiContext,
  exchange: Exchange,
  { namespace }: Target,
  type: ResourceType,
  name: string,
) {
  const { store } = context
  switch (exchange.method) {
    case 'GET':
      demandReached(exchange.url, store)
      answer(exchange, 200, show(exchange, type, store.get(type, namespace, name), store.now()))
      return
    case 'PUT': {
      const object = withPlace(await readSentObject(exchange, type), namespace, name)
      answer(
        exchange,
        200,
        show(exchange, type, store.update(type, object, writeOptions(exchange)), store.now()),
      )
      return
    }
    case 'PATCH': {
      const patch = await readPatch(exchange)
      const existed =
        patch.type !== 'apply' ||
        store.list(type, { fieldSelector: `metadata.name=${name}`, ...(namespace ? { namespace } : {}) })
          .items.length > 0
      const patched = store.patch(type, namespace, name, patch)
      answer(exchange, existed ? 200 : 201, show(exchange, type, patched, store.now()))
      return
    }
    case 'DELETE': {
      const { object, removed } = store.delete(type, namespace, name, await deleteOptions(exchange))
      const { uid } = object.metadata
      const details = {
        name,
        ...(type.group === '' ? {} : { group: type.group }),
        kind: type.plural,
        ...(uid ? { uid } : {}),
      }
      answer(
        exchange,
        200,
        removed && !type.rules.gracePeriod ? success(details) : show(exchange, type, object, store.now()),
      )
      return
    }
    default:
      throw notAllowed()
  }
}

/** @throws ApiError 504 when a state is asked for that is yet to come */
function demandReached({ searchParams }: URL, store: KubeStore): void {
  const [asked, now] = [searchParams.get('resourceVersion') ?? '', Number(store.resourceVersion())]
  if (Number(asked) > now) throw tooLarge(asked, now)
}

function selectionOf({ searchParams }: URL, namespace: string | null): Selection {
  const [labels, fields] = [searchParams.get('labelSelector'), searchParams.get('fieldSelector')]
  return {
    ...(namespace === null ? {} : { namespace }),
    ...(labels ? { labelSelector: labels } : {}),
    ...(fields ? { fieldSelector: fields } : {}),
  }
}
