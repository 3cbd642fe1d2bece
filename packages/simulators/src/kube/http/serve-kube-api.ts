import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApiError } from '../store/api-error.ts'
import type { KubeStore } from '../store/kube-store.ts'
import type { ApiContext } from './api-context.ts'
import { answerReview, documentAt } from './documents.ts'
import { answer, type Exchange, readObjectBody } from './exchange.ts'
import { createFaultSwitch } from './faults.ts'
import { negotiate } from './negotiate.ts'
import { handleResource } from './resource-routes.ts'
import { keepState } from './state-file.ts'
import { failure } from './status.ts'
import { readTarget } from './target.ts'

export interface ServeOptions {
  /** 0 for any that is free. */
  port: number
  host: string
  /** Kept up to date with the store's snapshot; read it back with `readState`. */
  stateFile?: string
  /** Bearer token that every request must bring. */
  token?: string
}

export interface ServedKubeApi {
  url: string
  /** Ends all watches and connections, and writes the state for the last time. */
  close(): Promise<void>
}

/** Speaks the Kubernetes API over HTTP for a simulated cluster. Fails when it cannot listen. */
export async function serveKubeApi(store: KubeStore, options: ServeOptions): Promise<ServedKubeApi> {
  const watches: ApiContext['watches'] = new Set()
  const closeWatches = () => {
    for (const watch of [...watches]) watch.end()
  }
  const faults = createFaultSwitch({ closeWatches, compact: () => store.compact() })
  const context: ApiContext = { store, faults, watches }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://cluster.invalid')
    const exchange: Exchange = { request, response, method: request.method ?? 'GET', url, warnings: [] }
    handle(context, exchange, options.token).catch((error) => {
      if (response.headersSent) response.destroy()
      else answer(exchange, error instanceof ApiError ? error.code : 500, failure(error))
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const state = options.stateFile === undefined ? undefined : keepState(store, options.stateFile)
  const { port } = server.address() as AddressInfo
  const host = options.host.includes(':') ? `[${options.host}]` : options.host
  return {
    url: `http://${host}:${port}`,
    async close() {
      closeWatches()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      await state?.close()
    },
  }
}

async function handle(context: ApiContext, exchange: Exchange, token: string | undefined): Promise<void> {
  const { method, url, request, response } = exchange
  const path = url.pathname.length > 1 ? url.pathname.replace(/\/$/, '') : url.pathname
  if (['/healthz', '/readyz', '/livez'].includes(path)) {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok')
    return
  }
  if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
    throw new ApiError(401, 'Unauthorized', 'Unauthorized')
  }
  if (path.startsWith('/_sim/')) {
    await context.faults.handle(exchange)
    return
  }
  context.faults.beforeRequest()
  if (method === 'GET' && path === '/openapi/v2' && acceptsOnlyProtobuf(request.headers.accept)) {
    // An empty document: kubectl asks for it to validate kinds, such as v1 List, that no schema describes.
    response.writeHead(200, { 'content-type': openApiProtobuf, 'content-length': 0 }).end()
    return
  }
  if (method === 'GET') {
    const form = acceptedDocument(request.headers.accept)
    const document = documentAt(context.store, path, form)
    if (document) {
      const discovery = form === 'discovery' && (path === '/api' || path === '/apis')
      answer(exchange, 200, document, discovery ? aggregatedDiscovery : undefined)
      return
    }
  }
  if (/^\/apis\/auth(orization|entication)\.k8s\.io\//.test(path) && method === 'POST') {
    answer(exchange, 201, answerReview(path, await readObjectBody(exchange)))
    return
  }
  const target = readTarget(path)
  if (!target) throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')
  await handleResource(context, exchange, target)
}

/** Clients tell the aggregated form from the old one by this. */
const aggregatedDiscovery = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

const openApiProtobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

function acceptsOnlyProtobuf(accept: string | undefined): boolean {
  return accept !== undefined && /protobuf/.test(accept) && !/json|\*\/\*/.test(accept)
}

/** Documents that can be had in one form are answered in it, whatever is accepted. */
function acceptedDocument(accept: string | undefined) {
  try {
    return negotiate(accept)
  } catch {
    return 'object'
  }
}
