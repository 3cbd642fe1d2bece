import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readState, type ServedKubeApi, serveKubeApi, writeKubeconfig } from '../../src/kube/index.ts'
import { configMaps, pod, pods, testStore } from './testing/objects.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

async function serve(options: { stateFile?: string; token?: string } = {}) {
  const { store, clock } = testStore()
  const api = await serveKubeApi(store, { port: 0, host: '127.0.0.1', ...options })
  closing.push(api.close)
  return { store, clock, api }
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pod-eip-kube-'))
  closing.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape
  body: any
}

async function get(api: ServedKubeApi, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(api.url + path, init)
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text }
}

/** The events of a watch, one at a time; `null` once it has ended. */
async function watch(api: ServedKubeApi, path: string) {
  const leave = new AbortController()
  closing.push(async () => leave.abort())
  const response = await fetch(api.url + path, { signal: leave.signal })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  // biome-ignore lint/suspicious/noExplicitAny: events of any resource
  const next = async (): Promise<any> => {
    for (;;) {
      const end = rest.indexOf('\n')
      if (end >= 0) {
        const line = rest.slice(0, end)
        rest = rest.slice(end + 1)
        return JSON.parse(line)
      }
      const { value, done } = await reader.read()
      if (done) return null
      rest += value
    }
  }
  return { status: response.status, next }
}

const put = (body: object): RequestInit => ({ method: 'PUT', body: JSON.stringify(body) })
const cm = (name: string) => ({ metadata: { name, namespace: 'default' } })
const watchPath = '/api/v1/namespaces/default/configmaps?watch=true'

test('a watch tells the changes after its version, and begins with what is there without one', async () => {
  const { store, api } = await serve()
  store.create(configMaps, cm('a'))
  const fresh = await watch(
    api,
    `${watchPath}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`,
  )
  expect(await fresh.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'a' } } })
  expect(await fresh.next()).toMatchObject({
    type: 'BOOKMARK',
    object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
  })
  const later = await watch(api, `${watchPath}&resourceVersion=${store.resourceVersion()}`)
  store.create(configMaps, cm('b'))
  expect(await later.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'b' } } })
})

test('a watch from before the history says Expired and ends', async () => {
  const { store, api } = await serve()
  const old = store.resourceVersion()
  store.create(configMaps, cm('a'))
  expect((await get(api, '/_sim/compact', { method: 'POST' })).status).toBe(200)
  const { next } = await watch(api, `${watchPath}&resourceVersion=${old}`)
  expect(await next()).toMatchObject({ type: 'ERROR', object: { code: 410, reason: 'Expired' } })
  expect(await next()).toBeNull()
})

test('a watch with a time ends when it is over, with a bookmark where something has changed', async () => {
  const { store, api } = await serve()
  const timed = () => {
    const from = `resourceVersion=${store.resourceVersion()}`
    return watch(api, `${watchPath}&${from}&timeoutSeconds=1&allowWatchBookmarks=true`)
  }
  const quiet = await timed()
  expect(await quiet.next()).toBeNull()
  const { next } = await timed()
  store.create(pods, pod('p'))
  const resourceVersion = store.resourceVersion()
  expect(await next()).toMatchObject({ type: 'BOOKMARK', object: { metadata: { resourceVersion } } })
  expect(await next()).toBeNull()
})

test('faults: failing requests, expired and closed watches, late events that keep their order', async () => {
  const { store, api } = await serve()
  const faults = (asked: object) => get(api, '/_sim/faults', put(asked))
  await faults({ errors: 1 })
  expect((await get(api, '/api/v1/pods')).status).toBe(500)
  expect((await get(api, '/api/v1/pods')).status).toBe(200)

  await faults({ expiredWatches: 1 })
  const refused = await watch(api, `${watchPath}&resourceVersion=${store.resourceVersion()}`)
  expect(await refused.next()).toMatchObject({ type: 'ERROR', object: { code: 410 } })

  const { next } = await watch(api, `${watchPath}&resourceVersion=${store.resourceVersion()}`)
  await faults({ watchDelayMs: 20 })
  store.create(configMaps, cm('late'))
  await faults({})
  store.create(configMaps, cm('prompt'))
  expect((await next()).object.metadata.name).toBe('late')
  expect((await next()).object.metadata.name).toBe('prompt')
  await get(api, '/_sim/close-watches', { method: 'POST' })
  expect(await next()).toBeNull()

  const wrong = await faults({ drop: 1 })
  expect(wrong.status).toBe(400)
})

test('tables, metadata alone, and lists in pages', async () => {
  const { store, api } = await serve()
  for (const name of ['a', 'b']) store.create(pods, pod(name))
  const accept = (as: string) => ({
    headers: { accept: `application/vnd.kubernetes.protobuf, application/json;as=${as};v=v1;g=meta.k8s.io` },
  })
  const table = await get(api, '/api/v1/pods', accept('Table'))
  expect(table.body).toMatchObject({
    kind: 'Table',
    rows: [{ cells: expect.arrayContaining(['a', '0/1', 'Pending']) }, {}],
  })
  const metadata = await get(api, '/api/v1/namespaces/default/pods/a', accept('PartialObjectMetadata'))
  expect(metadata.body).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'a' } })
  expect(metadata.body).not.toHaveProperty('spec')
  const page = await get(api, '/api/v1/pods?limit=1')
  const last = await get(api, `/api/v1/pods?limit=1&continue=${page.body.metadata.continue}`)
  expect(last.body).toMatchObject({ kind: 'PodList', items: [{ metadata: { name: 'b' } }] })
  expect(last.body.metadata).not.toHaveProperty('continue')
  const none = await get(api, '/api/v1/pods', { headers: { accept: 'application/vnd.kubernetes.protobuf' } })
  expect(none).toMatchObject({ status: 406, body: { kind: 'Status', reason: 'NotAcceptable' } })
})

test('refusals are Status objects', async () => {
  const { api } = await serve()
  expect(await get(api, '/api/v1/namespaces/default/pods/none')).toMatchObject({
    status: 404,
    body: {
      kind: 'Status',
      status: 'Failure',
      reason: 'NotFound',
      code: 404,
      details: { name: 'none', kind: 'pods' },
    },
  })
  expect(await get(api, '/apis/none/v1/things')).toMatchObject({ status: 404 })
  const nonsense = await get(api, '/api/v1/namespaces/default/pods', { method: 'POST', body: '{"metadata":' })
  expect(nonsense).toMatchObject({ status: 400, body: { reason: 'BadRequest' } })
  const patch = { method: 'PATCH', headers: { 'content-type': 'text/plain' }, body: '{}' }
  expect(await get(api, '/api/v1/namespaces/default/pods/none', patch)).toMatchObject({ status: 415 })
})

test('a token, where there is one, must be brought', async () => {
  const { api } = await serve({ token: 'open' })
  expect((await get(api, '/readyz')).status).toBe(200)
  expect((await get(api, '/api/v1/pods')).status).toBe(401)
  expect((await get(api, '/api/v1/pods', { headers: { authorization: 'Bearer open' } })).status).toBe(200)
  const file = join(await temporaryFolder(), 'deep', 'kubeconfig')
  await writeKubeconfig(file, api.url, 'open')
  expect(parse(await readFile(file, 'utf8'))).toMatchObject({
    clusters: [{ cluster: { server: api.url } }],
    users: [{ user: { token: 'open' } }],
  })
})

test('the state file holds everything once the server is closed; another file is refused', async () => {
  const stateFile = join(await temporaryFolder(), 'state.json')
  const { store, api } = await serve({ stateFile })
  expect(await readState(join(stateFile, '..', 'none.json'))).toBeUndefined()
  store.create(configMaps, cm('kept'))
  await api.close()
  closing.splice(closing.indexOf(api.close), 1)
  const { revision, objects } = store.snapshot()
  const read = await readState(stateFile)
  expect(read?.objects).toEqual(objects)
  // Versions that a killed server showed and did not store must not come a second time.
  expect(read?.revision).toBeGreaterThan(revision)
  const other = join(await temporaryFolder(), 'kubeconfig')
  await writeKubeconfig(other, api.url)
  await expect(readState(other)).rejects.toThrow('holds no state of a simulated cluster')
})

/** A field of a protobuf message that is a text or a message itself, each shorter than 128 bytes. */
const field = (number: number, ...parts: (string | Buffer)[]): Buffer => {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)))
  return Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content])
}
const inProtobuf = (apiVersion: string, kind: string, ...fields: Buffer[]) => ({
  method: 'POST',
  headers: { 'content-type': 'application/vnd.kubernetes.protobuf' },
  body: Buffer.concat([
    Buffer.from('k8s\0'),
    field(1, field(1, apiVersion), field(2, kind)),
    field(2, ...fields),
  ]),
})

test('a Job as kubectl create makes it is read from protobuf; a Pod is refused in a sentence', async () => {
  const { api } = await serve()
  const container = field(2, field(1, 'main'), field(2, 'busybox'))
  const template = field(6, field(2, container, field(3, 'Never')))
  const job = inProtobuf('batch/v1', 'Job', field(1, field(1, 'j')), field(2, template))
  const created = await get(api, '/apis/batch/v1/namespaces/default/jobs', job)
  expect(created).toMatchObject({ status: 201, body: { metadata: { name: 'j' } } })
  const podSpec = { containers: [{ name: 'main', image: 'busybox' }], restartPolicy: 'Never' }
  expect(created.body.spec.template.spec).toMatchObject(podSpec)

  const refused = await get(api, '/api/v1/namespaces/default/pods', inProtobuf('v1', 'Pod'))
  expect(refused).toMatchObject({ status: 415, body: { kind: 'Status', reason: 'UnsupportedMediaType' } })
  expect(refused.body.message).toContain('does not read a Pod of v1 from protobuf: send JSON')
})
