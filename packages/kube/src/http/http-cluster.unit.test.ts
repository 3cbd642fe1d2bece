import { describe, expect, it } from 'vitest'
import { failure, setHttpStage } from '../../test/http-stage.ts'
import { json } from '../../test/raw-server.ts'
import { type ClusterAccess, staticAccess } from '../access/cluster-access.ts'
import { eipClaims, nodes, pods } from '../resources.ts'
import { createHttpCluster } from './http-cluster.ts'

const stage = setHttpStage()
const object = { metadata: { name: 'web-0', namespace: 'games' } }

describe('requests', () => {
  it('authenticate, and keep the path prefix of the server', async () => {
    await stage.cluster.close()
    stage.cluster = createHttpCluster({
      access: staticAccess({ server: `${stage.server.url}/k8s/clusters/one/`, token: 'secret-token' }),
    })
    stage.server.answer = (_, response) => json(response, 200, object)
    await stage.cluster.get(pods, 'games', 'web-0')
    await stage.cluster.get(nodes, null, '10.0.0.1')
    expect(stage.server.requests.map(({ url }) => url.pathname)).toEqual([
      '/k8s/clusters/one/api/v1/namespaces/games/pods/web-0',
      '/k8s/clusters/one/api/v1/nodes/10.0.0.1',
    ])
    expect(stage.server.requests[0]?.headers.authorization).toBe('Bearer secret-token')
  })

  it('send the length of the body, also on DELETE', async () => {
    stage.server.answer = (_, response) => json(response, 200, object)
    await stage.cluster.delete(pods, 'games', 'web-0', { uid: 'u1' })
    const [request] = stage.server.requests
    expect(request?.headers['content-length']).toBe(String(request?.body.length))
    expect(JSON.parse(request!.body)).toMatchObject({ kind: 'DeleteOptions', preconditions: { uid: 'u1' } })
  })

  it('apply JSON under the type of apply patches', async () => {
    stage.server.answer = (_, response) => json(response, 200, object)
    await stage.cluster.apply(eipClaims, object, {
      fieldManager: 'pod-eip',
      force: true,
      subresource: 'status',
    })
    const [request] = stage.server.requests
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
      server: stage.server.url,
      credentials: async () => ({ headers: { authorization: `Bearer ${renewals}` }, tls: {} }),
      renew: () => {
        renewals += 1
      },
    }
    await stage.cluster.close()
    stage.cluster = createHttpCluster({ access })
    stage.server.answer = ({ headers }, response) =>
      headers.authorization === 'Bearer 1' ? json(response, 200, object) : json(response, 401, {})
    await stage.cluster.get(pods, 'games', 'web-0')
    expect(renewals).toBe(1)
    stage.server.answer = (_, response) => json(response, 401, {})
    const error = await failure(stage.cluster.get(pods, 'games', 'web-0'))
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
    stage.server.answer = (_, response) => json(response, 429, body)
    const first = await failure(stage.cluster.list(pods))
    expect(first).toMatchObject({
      status: 429,
      reason: 'TooManyRequests',
      message: 'slow down',
      retryAfterSeconds: 3,
    })
    stage.server.answer = (_, response) => json(response, 429, body, { 'retry-after': '9' })
    expect(await failure(stage.cluster.list(pods))).toMatchObject({ retryAfterSeconds: 9 })
    const dates = { date: 'Sat, 28 Nov 2026 23:00:00 GMT', 'retry-after': 'Sat, 28 Nov 2026 23:00:30 GMT' }
    stage.server.answer = (_, response) => json(response, 503, body, dates)
    expect(await failure(stage.cluster.list(pods))).toMatchObject({ retryAfterSeconds: 30 })
    stage.server.answer = (_, response) => json(response, 503, body, { 'retry-after': 'soon' })
    expect(await failure(stage.cluster.list(pods))).toMatchObject({ retryAfterSeconds: 3 })
  })

  it('say of a 401 what to do', async () => {
    const body = { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' }
    stage.server.answer = (_, response) => json(response, 401, body)
    expect((await failure(stage.cluster.list(pods))).message).toBe(
      'GET /api/v1/pods: Unauthorized: the API server does not know the token or certificate of this process; renew it',
    )
  })

  it('tell what can be told of an answer that is none of an API server', async () => {
    stage.server.answer = (_, response) => response.writeHead(502).end('<html>Bad Gateway</html>')
    const error = await failure(stage.cluster.create(pods, object))
    expect(error).toMatchObject({ status: 502, reason: 'Unknown' })
    expect(error.message).toBe('POST /api/v1/namespaces/games/pods: HTTP 502: <html>Bad Gateway</html>')
    stage.server.answer = (_, response) => response.writeHead(200).end('<html>Log in</html>')
    expect(await failure(stage.cluster.list(pods))).toMatchObject({ status: 0, reason: 'BrokenAnswer' })
    stage.server.answer = (_, response) => json(response, 200, { paths: [] })
    expect(await failure(stage.cluster.list(pods))).toMatchObject({ status: 0, reason: 'BrokenAnswer' })
  })

  it('have status 0 when there was no answer', async () => {
    stage.server.answer = (_, response) => response.socket?.destroy()
    expect(await failure(stage.cluster.get(pods, 'a', 'b'))).toMatchObject({
      status: 0,
      reason: 'ConnectionFailed',
    })
    stage.server.answer = () => {}
    const late = await failure(stage.cluster.get(pods, 'a', 'b'))
    expect(late).toMatchObject({ status: 0, reason: 'Timeout' })
    expect(late.message).toBe('GET /api/v1/namespaces/a/pods/b: no answer in time')
    await stage.server.close()
    expect(await failure(stage.cluster.get(pods, 'a', 'b'))).toMatchObject({
      status: 0,
      reason: 'ConnectionFailed',
    })
  })

  it('have status 0 when the answer breaks off', async () => {
    stage.server.answer = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"metadata":')
      setImmediate(() => response.socket?.destroy())
    }
    expect(await failure(stage.cluster.get(pods, 'a', 'b'))).toMatchObject({
      status: 0,
      reason: 'ConnectionFailed',
    })
  })
})
