import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { json, type RawServer, startRawServer } from '../../test/raw-server.ts'
import { type ClusterAccess, staticAccess } from '../access/cluster-access.ts'
import { KubeError, type KubeObject, type WatchEvent } from '../cluster.ts'
import { eipClaims, nodes, pods } from '../resources.ts'
import { createHttpCluster, type HttpCluster } from './http-cluster.ts'

describe('the HTTP cluster', () => {
  let server: RawServer
  let cluster: HttpCluster

  beforeEach(async () => {
    server = await startRawServer()
    cluster = createHttpCluster({
      access: staticAccess({ server: server.url, token: 'secret-token' }),
      requestTimeoutMs: 300,
      maxObjectBytes: 2_000,
    })
  })
  afterEach(async () => {
    await cluster.close()
    await server.close()
  })

  const failure = async (promise: Promise<unknown>): Promise<KubeError> => {
    const error = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    expect(error).toBeInstanceOf(KubeError)
    expect(String((error as Error).stack)).not.toContain('secret-token')
    return error as KubeError
  }
  const object = { metadata: { name: 'web-0', namespace: 'games' } }

  describe('requests', () => {
    it('authenticate, and keep the path prefix of the server', async () => {
      await cluster.close()
      cluster = createHttpCluster({
        access: staticAccess({ server: `${server.url}/k8s/clusters/one/`, token: 'secret-token' }),
      })
      server.answer = (_, response) => json(response, 200, object)
      await cluster.get(pods, 'games', 'web-0')
      await cluster.get(nodes, null, '10.0.0.1')
      expect(server.requests.map(({ url }) => url.pathname)).toEqual([
        '/k8s/clusters/one/api/v1/namespaces/games/pods/web-0',
        '/k8s/clusters/one/api/v1/nodes/10.0.0.1',
      ])
      expect(server.requests[0]?.headers.authorization).toBe('Bearer secret-token')
    })

    it('send the length of the body, also on DELETE', async () => {
      server.answer = (_, response) => json(response, 200, object)
      await cluster.delete(pods, 'games', 'web-0', { uid: 'u1' })
      const [request] = server.requests
      expect(request?.headers['content-length']).toBe(String(request?.body.length))
      expect(JSON.parse(request!.body)).toMatchObject({ kind: 'DeleteOptions', preconditions: { uid: 'u1' } })
    })

    it('apply JSON under the type of apply patches', async () => {
      server.answer = (_, response) => json(response, 200, object)
      await cluster.apply(eipClaims, object, { fieldManager: 'pod-eip', force: true, subresource: 'status' })
      const [request] = server.requests
      expect(request?.method).toBe('PATCH')
      expect(`${request?.url.pathname}${request?.url.search}`).toBe(
        '/apis/networking.tke.cloud.tencent.com/v1/namespaces/games/eipclaims/web-0/status?fieldManager=pod-eip&force=true',
      )
      expect(request?.headers['content-type']).toBe('application/apply-patch+yaml')
      expect(JSON.parse(request!.body)).toMatchObject({ kind: 'EIPClaim', metadata: object.metadata })
    })

    it('renew the credentials after a 401, once', async () => {
      let renewals = 0
      const access: ClusterAccess = {
        server: server.url,
        credentials: async () => ({ headers: { authorization: `Bearer ${renewals}` }, tls: {} }),
        renew: () => {
          renewals += 1
        },
      }
      await cluster.close()
      cluster = createHttpCluster({ access })
      server.answer = ({ headers }, response) =>
        headers.authorization === 'Bearer 1' ? json(response, 200, object) : json(response, 401, {})
      await cluster.get(pods, 'games', 'web-0')
      expect(renewals).toBe(1)
      server.answer = (_, response) => json(response, 401, {})
      const error = await failure(cluster.get(pods, 'games', 'web-0'))
      expect(error).toMatchObject({ status: 401, reason: 'Unauthorized' })
      expect(renewals).toBe(2)
    })
  })

  describe('errors', () => {
    it('tell what the Status object says', async () => {
      const body = {
        kind: 'Status',
        reason: 'TooManyRequests',
        message: 'slow down',
        details: { retryAfterSeconds: 3 },
      }
      server.answer = (_, response) => json(response, 429, body)
      const first = await failure(cluster.list(pods))
      expect(first).toMatchObject({
        status: 429,
        reason: 'TooManyRequests',
        message: 'slow down',
        retryAfterSeconds: 3,
      })
      server.answer = (_, response) => json(response, 429, body, { 'retry-after': '9' })
      expect(await failure(cluster.list(pods))).toMatchObject({ retryAfterSeconds: 9 })
      const dates = { date: 'Sat, 28 Nov 2026 23:00:00 GMT', 'retry-after': 'Sat, 28 Nov 2026 23:00:30 GMT' }
      server.answer = (_, response) => json(response, 503, body, dates)
      expect(await failure(cluster.list(pods))).toMatchObject({ retryAfterSeconds: 30 })
      server.answer = (_, response) => json(response, 503, body, { 'retry-after': 'soon' })
      expect(await failure(cluster.list(pods))).toMatchObject({ retryAfterSeconds: 3 })
    })

    it('say of a 401 what to do', async () => {
      const body = { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' }
      server.answer = (_, response) => json(response, 401, body)
      expect((await failure(cluster.list(pods))).message).toBe(
        'GET /api/v1/pods: Unauthorized: the API server does not know the token or certificate of this process; renew it',
      )
    })

    it('tell what can be told of an answer that is none of an API server', async () => {
      server.answer = (_, response) => response.writeHead(502).end('<html>Bad Gateway</html>')
      const error = await failure(cluster.create(pods, object))
      expect(error).toMatchObject({ status: 502, reason: 'Unknown' })
      expect(error.message).toBe('POST /api/v1/namespaces/games/pods: HTTP 502: <html>Bad Gateway</html>')
      server.answer = (_, response) => response.writeHead(200).end('<html>Log in</html>')
      expect(await failure(cluster.list(pods))).toMatchObject({ status: 0, reason: 'BrokenAnswer' })
      server.answer = (_, response) => json(response, 200, { paths: [] })
      expect(await failure(cluster.list(pods))).toMatchObject({ status: 0, reason: 'BrokenAnswer' })
    })

    it('have status 0 when there was no answer', async () => {
      server.answer = (_, response) => response.socket?.destroy()
      expect(await failure(cluster.get(pods, 'a', 'b'))).toMatchObject({
        status: 0,
        reason: 'ConnectionFailed',
      })
      server.answer = () => {}
      const late = await failure(cluster.get(pods, 'a', 'b'))
      expect(late).toMatchObject({ status: 0, reason: 'Timeout' })
      expect(late.message).toBe('GET /api/v1/namespaces/a/pods/b: no answer in time')
      await server.close()
      expect(await failure(cluster.get(pods, 'a', 'b'))).toMatchObject({
        status: 0,
        reason: 'ConnectionFailed',
      })
    })

    it('have status 0 when the answer breaks off', async () => {
      server.answer = (_, response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('{"metadata":')
        setImmediate(() => response.socket?.destroy())
      }
      expect(await failure(cluster.get(pods, 'a', 'b'))).toMatchObject({
        status: 0,
        reason: 'ConnectionFailed',
      })
    })
  })

  describe('lists', () => {
    const list = (items: object[]) =>
      JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '7', continue: 'p2' }, items })
    const tricky = [
      {
        metadata: { name: 'größe', annotations: { note: '"items":[{"a\\":"]}' } },
        spec: { items: [{ a: [] }, 1, '}'] },
      },
      { metadata: { name: 'b' }, items: [] },
    ]

    it('are read object by object, however the bytes are cut', async () => {
      const bytes = Buffer.from(`{"apiVersion" : "v1", "x,\\"items":[{"y":1}], ${list(tricky).slice(1)}\n`)
      server.answer = async (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        for (const byte of bytes) {
          response.write(Buffer.of(byte))
          await new Promise(setImmediate)
        }
        response.end()
      }
      const seen: KubeObject[] = []
      const page = await cluster.list(pods, { onObject: (object) => seen.push(object) })
      expect(page).toEqual({ items: [], resourceVersion: '7', continue: 'p2' })
      expect(seen).toEqual(tricky)
      expect((await cluster.list(pods)).items).toEqual(tricky)
    })

    it.each([
      ['no items', '{"metadata":{"resourceVersion":"7"},"items":[]}'],
      ['null', '{"items":null,"metadata":{"resourceVersion":"7"}}'],
      ['blanks', ' {"items" : [ ] , "metadata" : {"resourceVersion" : "7" , "continue" : ""}} '],
    ])('may have %s', async (_what, text) => {
      server.answer = (_, response) => response.writeHead(200).end(text)
      expect(await cluster.list(pods)).toEqual({ items: [], resourceVersion: '7' })
    })

    it.each([
      [
        'break off between two objects',
        (whole: string) => whole.slice(0, whole.indexOf('{"metadata":{"name":"b"')),
      ],
      ['break off within an object', (whole: string) => whole.slice(0, whole.indexOf('"b"'))],
      [
        'lack a comma',
        (whole: string) => whole.replace('},{"metadata":{"name":"b"', '} {"metadata":{"name":"b"'),
      ],
      ['have an object that is none', (whole: string) => whole.replace(/\}\]\}$/, '},7]}')],
      ['have a garbled object', (whole: string) => whole.replace('"name":"b"', '"name"="b"')],
      ['have a resourceVersion that is none', (whole: string) => whole.replace('"7"', '"7a"')],
      ['go on behind their end', (whole: string) => `${whole}}`],
    ])('that %s are failures', async (_what, spoil) => {
      server.answer = (_, response) => response.writeHead(200).end(spoil(list(tricky)))
      expect(await failure(cluster.list(pods))).toMatchObject({ status: 0, reason: 'BrokenAnswer' })
    })

    it('are cut by us when an object, or what stands around them, grows too long', async () => {
      const long = { metadata: { name: 'x'.repeat(3_000) } }
      for (const text of [
        list([long]),
        list(tricky).replace('PodList', 'x'.repeat(3_000)),
        '<p>'.repeat(1_000),
      ]) {
        server.answer = (_, response) => response.writeHead(200).end(text)
        expect((await failure(cluster.list(pods))).message).toContain('longer than 2000 bytes')
      }
      // Many that are short are no harm.
      server.answer = (_, response) => response.writeHead(200).end(list(Array(100).fill(tricky[1])))
      expect((await cluster.list(pods)).items).toHaveLength(100)
    })

    it('reject with what is thrown at an object', async () => {
      server.answer = (_, response) => response.writeHead(200).end(list(tricky))
      const error = new TypeError('ours')
      const onObject = () => {
        throw error
      }
      await expect(cluster.list(pods, { onObject })).rejects.toBe(error)
    })
  })

  describe('watches', () => {
    const added = (name: string, more: object = {}) =>
      JSON.stringify({ type: 'ADDED', object: { metadata: { name, resourceVersion: '5' }, ...more } })
    /** Watches until the end; `seen` fills on the way. */
    const watching = (signal?: AbortSignal) => {
      const seen: WatchEvent[] = []
      const run = async () => {
        const options = { resourceVersion: '4', timeoutSeconds: 300, ...(signal ? { signal } : {}) }
        for await (const event of cluster.watch(pods, options)) seen.push(event)
      }
      return { seen, ended: run() }
    }
    const stream = (play: (response: ServerResponse) => void) => {
      server.answer = (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.flushHeaders()
        play(response)
      }
    }
    const names = (seen: WatchEvent[]) =>
      seen.map((e) => (e.type === 'BOOKMARK' ? e.type : e.object.metadata.name))

    it('ask for bookmarks and for an end', async () => {
      stream((response) => response.end())
      await watching().ended
      expect(server.requests[0]?.url.search).toBe(
        '?watch=true&allowWatchBookmarks=true&resourceVersion=4&timeoutSeconds=300',
      )
    })

    it('read events however the bytes are cut', async () => {
      const bookmark = '{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"9"}}}'
      const bytes = Buffer.from(`${added('größe')}\n\n${added('b')}\r\n${bookmark}\n`)
      stream(async (response) => {
        for (const byte of bytes) {
          response.write(Buffer.of(byte))
          await new Promise(setImmediate)
        }
        response.end()
      })
      const { seen, ended } = watching()
      await ended
      expect(names(seen)).toEqual(['größe', 'b', 'BOOKMARK'])
      expect(seen.at(-1)).toEqual({ type: 'BOOKMARK', resourceVersion: '9' })
    })

    it('throw the error that the server sends, after what came before', async () => {
      const error = {
        type: 'ERROR',
        object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' },
      }
      stream((response) => response.end(`${added('a')}\n${JSON.stringify(error)}\n`))
      const { seen, ended } = watching()
      expect(await failure(ended)).toMatchObject({ status: 410, reason: 'Expired', message: 'too old' })
      expect(names(seen)).toEqual(['a'])
    })

    it('throw the status when they are refused', async () => {
      server.answer = (_, response) =>
        json(response, 503, { kind: 'Status', message: 'starting' }, { 'retry-after': '1' })
      expect(await failure(watching().ended)).toMatchObject({
        status: 503,
        message: 'starting',
        retryAfterSeconds: 1,
      })
    })

    it('that are cut, between events or within one, are failures and not ends', async () => {
      stream((response) => {
        response.write(`${added('a')}\n{"type":"ADD`)
        setImmediate(() => response.socket?.destroy())
      })
      const cut = watching()
      expect(await failure(cut.ended)).toMatchObject({ status: 0, reason: 'ConnectionFailed' })
      expect(names(cut.seen)).toEqual(['a'])

      stream((response) => response.end(`${added('a')}\n{"type":"ADDED","object":{"meta`))
      const half = watching()
      expect(await failure(half.ended)).toMatchObject({ status: 0, reason: 'BrokenStream' })
      expect(names(half.seen)).toEqual(['a'])
    })

    it('are cut by us when a line grows too long, or is no event', async () => {
      stream((response) => {
        response.write(`${added('a')}\n${added('b', { data: 'x'.repeat(3_000) })}`)
      })
      const long = watching()
      expect((await failure(long.ended)).message).toContain('longer than 2000 bytes')
      expect(names(long.seen)).toEqual(['a'])
      for (const line of [
        '{"type":"SURPRISE","object":{}}',
        '{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9x"}}}',
        '{"type":"ADDED","object":{"metadata":{}}}',
        'null',
        '[]',
      ]) {
        stream((response) => response.end(`${line}\n`))
        expect(await failure(watching().ended)).toMatchObject({ status: 0, reason: 'BrokenStream' })
      }
    })

    it('are cut by us where the bytes are not UTF-8, instead of taking them for another name', async () => {
      const bytes = Buffer.from(`${added('größe')}\n`)
      stream((response) =>
        response.end(
          Buffer.concat([bytes.subarray(0, bytes.indexOf(0xb6)), bytes.subarray(bytes.indexOf(0xb6) + 1)]),
        ),
      )
      const { seen, ended } = watching()
      expect(await failure(ended)).toMatchObject({ status: 0 })
      expect(seen).toEqual([])
    })

    it('end at once when the signal aborts: quiet, before the answer, or with events unread', async () => {
      const closed = Promise.withResolvers<void>()
      const opened = Promise.withResolvers<void>()
      stream((response) => {
        response.on('close', closed.resolve)
        opened.resolve()
      })
      const quiet = new AbortController()
      const running = watching(quiet.signal)
      await opened.promise
      quiet.abort()
      await running.ended
      await closed.promise

      const arrived = Promise.withResolvers<void>()
      server.answer = () => arrived.resolve()
      const early = new AbortController()
      const waiting = watching(early.signal)
      await arrived.promise
      early.abort()
      await waiting.ended

      stream((response) => response.write(`${added('a')}\n${added('b')}\n`))
      const busy = new AbortController()
      const seen: WatchEvent[] = []
      for await (const event of cluster.watch(pods, { resourceVersion: '4', signal: busy.signal })) {
        seen.push(event)
        busy.abort()
      }
      expect(names(seen)).toEqual(['a'])
      await expect(watching(AbortSignal.abort()).ended).resolves.toBeUndefined()
    })

    it('close their connection when the consumer leaves', async () => {
      const closed = Promise.withResolvers<void>()
      stream((response) => {
        response.on('close', closed.resolve)
        response.write(`${added('a')}\n`)
      })
      for await (const _event of cluster.watch(pods, { resourceVersion: '4' })) break
      await closed.promise
    })

    it('may be quiet for longer than a request may take, but must be answered in time', async () => {
      const opened = Promise.withResolvers<void>()
      const late = Promise.withResolvers<void>()
      stream(async (response) => {
        opened.resolve()
        await late.promise
        response.end(`${added('a')}\n`)
      })
      const { seen, ended } = watching()
      await opened.promise
      server.answer = () => {}
      // Takes as long as a request may: the watch is still there afterwards.
      expect(await failure(watching().ended)).toMatchObject({ status: 0, reason: 'Timeout' })
      late.resolve()
      await ended
      expect(names(seen)).toEqual(['a'])
    })
  })
})
