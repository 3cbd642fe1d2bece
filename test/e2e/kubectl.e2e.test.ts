import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureCrd, type KubeObject } from '@pod-eip/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startCluster, type TestCluster } from './harness/cluster.ts'
import { clusterKind } from './harness/cluster-kind.ts'
import { type Kubectl, openKubectl } from './testing/kubectl.ts'

/** Stock kubectl is the judge of the simulated cluster: what it does on a real one it does here. */

let dir: string
let cluster: TestCluster
let kubectl: Kubectl

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pod-eip-e2e-'))
  cluster = await startCluster(clusterKind, [8, 8], dir)
  await ensureCrd(cluster.client)
  kubectl = await openKubectl(cluster.kubeconfig)
  await kubectl('wait --for=condition=Ready nodes --all --timeout=60s')
})

afterAll(async () => {
  await kubectl?.close()
  await cluster?.close()
  await rm(dir, { recursive: true, force: true })
})

const manifest = (name: string, kind: 'StatefulSet' | 'Deployment') => `
apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}}
spec:
  ${kind === 'StatefulSet' ? `serviceName: ${name}` : ''}
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - {name: main, image: 'nginx:1', ports: [{containerPort: 80}], env: [{name: A, value: b}]}
`
const podManifest = (name: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: single}}
spec:
  containers: [{name: main, image: 'nginx:1'}]
  terminationGracePeriodSeconds: 1
`
const claimManifest = `
apiVersion: networking.tke.cloud.tencent.com/v1
kind: EIPClaim
metadata: {name: seen, namespace: default}
spec: {source: auto}
`

test('client-side apply: created, then unchanged, then configured', async () => {
  const web = manifest('client', 'StatefulSet')
  expect(await kubectl('apply -f -', web)).toBe('statefulset.apps/client created\n')
  expect(await kubectl('apply -f -', web)).toBe('statefulset.apps/client unchanged\n')
  const changed = web.replace('value: b', 'value: c')
  expect(await kubectl('diff -f -', changed).catch((error: Error) => error.message)).toContain('value: c')
  expect(await kubectl('apply -f -', changed)).toBe('statefulset.apps/client configured\n')
  const env = await kubectl("get sts client -o 'jsonpath={.spec.template.spec.containers[0].env}'")
  expect(env).toBe('[{"name":"A","value":"c"}]')
})

test('server-side apply: repeats change nothing, and a conflict names the other manager', async () => {
  const web = manifest('server', 'Deployment')
  await kubectl('apply --server-side -f -', web)
  const version = () => kubectl("get deploy server -o 'jsonpath={.metadata.generation} {.spec.replicas}'")
  await kubectl('rollout status deploy/server --timeout=60s')
  const before = await version()
  expect(await kubectl('apply --server-side -f -', web)).toContain('serverside-applied')
  expect(await version()).toBe(before)
  const other = web.replace('replicas: 2', 'replicas: 1')
  const refused = await kubectl.attempt('apply --server-side --field-manager=other -f -', other)
  expect(refused.code).not.toBe(0)
  expect(refused.stderr).toContain('conflict with "kubectl"')
  expect(refused.stderr).toContain('.spec.replicas')
  await kubectl('apply --server-side --field-manager=other --force-conflicts -f -', other)
  expect(await version()).toMatch(/ 1$/)
})

test('server-side apply takes over what client-side apply has made', async () => {
  await kubectl('apply -f -', podManifest('moved'))
  expect(await kubectl('apply --server-side -f -', podManifest('moved'))).toContain('serverside-applied')
  const kept = await kubectl('get pod moved -o yaml')
  expect(kept).toContain('image: nginx:1')
  expect(kept).toContain('serviceAccountName: default')
})

test('workloads roll out, scale, and are shown wide', async () => {
  await kubectl('apply -f -', manifest('web', 'StatefulSet'))
  await kubectl('apply -f -', manifest('dep', 'Deployment'))
  expect(await kubectl('rollout status sts/web --timeout=60s')).toContain('roll out complete')
  expect(await kubectl('rollout status deploy/dep --timeout=60s')).toContain('successfully rolled out')
  expect(await kubectl('scale sts web --replicas=3')).toContain('scaled')
  await kubectl('wait --for=create pod/web-2 --timeout=60s')
  await kubectl('wait --for=condition=Ready pod/web-2 --timeout=60s')
  const shown = await kubectl('get pods,nodes,sts,deploy -A -o wide')
  expect(shown).toMatch(/pod\/web-0 +1\/1 +Running +0 +\S+ +10\.\d+\.\d+\.\d+ +10\.0\.0\.\d/)
  expect(shown).toMatch(/node\/10\.0\.0\.4 +Ready +<none>/)
  expect(shown).toMatch(/statefulset\.apps\/web +3\/3 .* main +nginx:1/)
  expect(shown).toMatch(/deployment\.apps\/dep +2\/2 +2 +2 .* main +nginx:1 +app=dep/)
  const list = JSON.parse(await kubectl('get pods -l app=web -o json'))
  expect(list.items.map(({ metadata }: KubeObject) => metadata.name)).toEqual(['web-0', 'web-1', 'web-2'])
  expect(await kubectl('get pods -A --chunk-size=1 -o name')).toContain('pod/web-2')
})

test('get -w shows what comes', async () => {
  await kubectl('apply -f -', podManifest('there-before'))
  const watch = kubectl.start('get pods -w --output-watch-events')
  const seen = new Promise<string>((resolve, reject) => {
    let output = ''
    watch.stdout?.on('data', (chunk) => {
      output += chunk
      if (/ADDED +watched/.test(output) && /DELETED +watched/.test(output)) resolve(output)
    })
    watch.on('exit', () => reject(new Error(`the watch ended early: ${output}`)))
  })
  // What it prints first is the list of what was there before.
  await once(watch.stdout!, 'data')
  await kubectl('apply -f -', podManifest('watched'))
  await kubectl('wait --for=condition=Ready pod/watched --timeout=60s')
  expect(await kubectl('delete pod watched --timeout=60s')).toContain('deleted')
  expect(await seen).toMatch(/MODIFIED +watched +1\/1 +Running/)
  watch.removeAllListeners('exit').kill()
})

test('describe tells Pods, Nodes, StatefulSets and claims, with their events', async () => {
  await kubectl('apply -f -', podManifest('told'))
  await kubectl('wait --for=condition=Ready pod/told --timeout=60s')
  const pod = await kubectl('describe pod told')
  expect(pod).toMatch(/Status: +Running/)
  expect(pod).toContain('Successfully assigned default/told to 10.0.0.')
  expect(await kubectl('describe node 10.0.0.4')).toMatch(/ProviderID: +qcloud:\/\/\//)
  await kubectl('apply -f -', manifest('described', 'StatefulSet'))
  await kubectl('rollout status sts/described --timeout=60s')
  expect(await kubectl('describe sts described')).toContain('Create Pod described-0')
  await kubectl('apply -f -', claimManifest)
  expect(await kubectl('describe eipc seen')).toMatch(/Kind: +EIPClaim/)
  expect(await kubectl('get events --field-selector involvedObject.name=told')).toContain('Scheduled')
})

// A real API server asks the kubelet, which here is played by one that has no containers either.
test.runIf(clusterKind === 'simulated')('logs and exec are refused in one sentence', async () => {
  await kubectl('apply -f -', podManifest('quiet'))
  const logs = await kubectl.attempt('logs quiet')
  expect(logs.stderr).toContain('no containers run in a simulated cluster')
  expect((await kubectl.attempt('exec quiet -- ls')).stderr).toContain(
    'no containers run in a simulated cluster',
  )
})

test('labels, annotations, patches and edits', async () => {
  await kubectl('apply -f -', manifest('edited', 'Deployment'))
  await kubectl('label deploy edited tier=front')
  await kubectl('annotate deploy edited note=hello')
  await kubectl(
    `patch deploy edited -p '{"spec":{"template":{"spec":{"containers":[{"name":"main","image":"nginx:2"}]}}}}'`,
  )
  await kubectl(`patch deploy edited --type=merge -p '{"spec":{"minReadySeconds":1}}'`)
  await kubectl(`patch deploy edited --type=json -p '[{"op":"replace","path":"/spec/replicas","value":1}]'`)
  const { metadata, spec } = JSON.parse(await kubectl('get deploy edited -o json'))
  expect(metadata).toMatchObject({ labels: { tier: 'front' }, annotations: { note: 'hello' } })
  expect(spec).toMatchObject({ replicas: 1, minReadySeconds: 1 })
  expect(spec.template.spec.containers[0]).toMatchObject({
    image: 'nginx:2',
    env: [{ name: 'A', value: 'b' }],
  })
})

test('replace writes a whole object, and not over a newer one', async () => {
  await kubectl('create cm whole --from-literal=mode=slow')
  const read = await kubectl('get cm whole -o yaml')
  expect(await kubectl('replace -f -', read.replace('mode: slow', 'mode: fast'))).toContain('replaced')
  const stale = await kubectl.attempt('replace -f -', read.replace('mode: slow', 'mode: other'))
  expect(stale.stderr).toContain('the object has been modified')
  expect(await kubectl("get cm whole -o 'jsonpath={.data.mode}'")).toBe('fast')
})

test('cordon, drain and uncordon', async () => {
  await kubectl('cordon 10.0.0.5')
  expect(await kubectl('get nodes')).toMatch(/10\.0\.0\.5 +Ready,SchedulingDisabled/)
  await kubectl('drain 10.0.0.5 --force --ignore-daemonsets --timeout=60s')
  await kubectl('uncordon 10.0.0.5')
  expect(await kubectl('get nodes')).not.toContain('SchedulingDisabled')
})

test('a namespace and what is created in it by command goes with it', async () => {
  await kubectl('create ns games')
  await kubectl('create cm settings --from-literal=mode=fast -n games')
  await kubectl('create deploy lobby --image=nginx:1 --port=80 -n games')
  await kubectl('run one --image=nginx:1 -n games')
  await kubectl('wait -n games --for=condition=Ready pod/one --timeout=60s')
  expect(await kubectl('get all -n games')).toMatch(/deployment\.apps\/lobby/)
  expect(await kubectl('delete ns games --timeout=60s')).toContain('deleted')
  expect((await kubectl.attempt('get ns games')).stderr).toContain('namespaces "games" not found')
})

test('what is served is listed and explained', async () => {
  const resources = await kubectl('api-resources')
  expect(resources).toMatch(/pods +po +v1 +true +Pod/)
  expect(resources).toMatch(/eipclaims +eipc +networking\.tke\.cloud\.tencent\.com\/v1 +true +EIPClaim/)
  expect(await kubectl('explain pod.spec.containers.ports')).toMatch(/containerPort\s+<integer> -required-/)
  expect(await kubectl('explain eipc.status')).toContain('publicIp')
  expect(await kubectl('auth can-i delete pods')).toContain('yes')
})

test('mistakes are refused in the words of an API server', async () => {
  const unknown = await kubectl.attempt(
    'apply -f -',
    podManifest('wrong').replace('spec:', 'spec:\n  colour: red'),
  )
  expect(unknown.stderr).toContain('unknown field "spec.colour"')
  const badName = await kubectl.attempt('apply -f -', podManifest('Bad_Name'))
  expect(badName.stderr).toContain('a lowercase RFC 1123 subdomain must consist of')
  const selector = await kubectl.attempt(
    'apply -f -',
    manifest('odd', 'Deployment').replace('labels: {app: odd}', 'labels: {app: even}'),
  )
  expect(selector.stderr).toContain('`selector` does not match template `labels`')
  await kubectl('apply -f -', manifest('fixed', 'StatefulSet'))
  const fixed = await kubectl.attempt(
    'apply -f -',
    manifest('fixed', 'StatefulSet').replace('serviceName: fixed', 'serviceName: other'),
  )
  expect(fixed.stderr).toContain('updates to statefulset spec for fields other than')
  expect((await kubectl.attempt('get pod nobody')).stderr).toContain('pods "nobody" not found')
  expect(await kubectl('apply --dry-run=server -f -', podManifest('dry'))).toContain(
    'created (server dry run)',
  )
  expect((await kubectl.attempt('get pod dry')).code).not.toBe(0)
})
