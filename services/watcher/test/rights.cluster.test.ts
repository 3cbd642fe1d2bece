import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RealCluster, startRealCluster } from '@pod-eip/devstack/real-cluster'
import {
  createHttpCluster,
  customResourceDefinitions,
  ensureCrd,
  type HttpCluster,
  type KubeObject,
  pods,
  type Resource,
  staticAccess,
} from '@pod-eip/kube'
import { createLogger } from '@pod-eip/runtime'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { inMemory, scene } from './testing/scene.ts'

/** Back-offs of up to half a minute are waited out. */
const waiting = { timeout: 60_000, interval: 100 }

const kinds = {
  statefulSets: of('apps', 'statefulsets', 'StatefulSet'),
  gameServers: of('agones.dev', 'gameservers', 'GameServer'),
  roles: of('rbac.authorization.k8s.io', 'clusterroles', 'ClusterRole', false),
  bindings: of('rbac.authorization.k8s.io', 'clusterrolebindings', 'ClusterRoleBinding', false),
}

function of(group: string, plural: string, kind: string, namespaced = true): Resource {
  return { group, version: 'v1', plural, kind, namespaced }
}

/** The watcher's column of the table of rights in the documentation, a rule for each resource. */
async function documentedRules() {
  const page = await readFile(join(import.meta.dirname, '../../../docs/operating.md'), 'utf8')
  const [section] = page.split('\n## Rights in the cluster\n')[1]!.split('\n## ')
  return [...section!.matchAll(/^\| (.*`) \| ([a-z, ]+) \|/gm)].flatMap(([, resources, verbs]) =>
    [...resources!.matchAll(/`([^`]+)`/g)].map(([, name]) => {
      const [plural, ...group] = name!.split('.')
      return { apiGroups: [group.join('.')], resources: [plural!], verbs: verbs!.split(', ') }
    }),
  )
}

/** Against a real kube-apiserver, which enforces rights. */
describe('a watcher with the documented rights alone', () => {
  const it = scene(inMemory())
  let real: RealCluster
  let admin: HttpCluster
  let limited: HttpCluster
  let dir: string

  const isCustom = ({ apiGroups: [group] }: { apiGroups: string[] }) => /agones|kruise/.test(group!)
  const told = async () =>
    (await it.log.read({ after: 0, limit: 1_000 }))
      .filter(({ type }) => type === 'OwnerEnded')
      .map(({ data }) => [(data.owner as { kind: string }).kind, data.reason])
  const warnings = async () =>
    (await readFile(join(dir, 'watcher.log'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).msg as string)

  async function grant(name: string, rules: object[]): Promise<void> {
    const metadata = { name }
    const roleRef = { apiGroup: kinds.roles.group, kind: 'ClusterRole', name }
    const subjects = [{ kind: 'User', apiGroup: kinds.roles.group, name: real.user.name }]
    await admin.create(kinds.roles, { metadata, rules } as KubeObject)
    await admin.create(kinds.bindings, { metadata, roleRef, subjects } as KubeObject)
  }

  /** A workload, and a Pod of it that asks. */
  async function make(resource: Resource, name: string, more: object = {}): Promise<void> {
    const { metadata } = await admin.create(resource, {
      metadata: { name, namespace: 'default' },
      ...more,
    } as KubeObject)
    const { group, version, kind } = resource
    const owner = { apiVersion: `${group}/${version}`, kind, name, uid: metadata.uid!, controller: true }
    const annotations = { 'tke.cloud.tencent.com/eip-attributes': '{}' }
    await admin.create(pods, {
      metadata: { name: `${name}-0`, namespace: 'default', annotations, ownerReferences: [owner] },
      spec: { containers: [{ name: 'main', image: 'main' }] },
    } as KubeObject)
  }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'pod-eip-rights-'))
    // Nobody runs here who would give the namespaces their ServiceAccounts.
    real = await startRealCluster({ apiServerFlags: { 'disable-admission-plugins': 'ServiceAccount' } })
    const as = (token: string) =>
      createHttpCluster({ access: staticAccess({ server: real.server, token, tls: { ca: real.ca } }) })
    admin = as(real.token)
    limited = as(real.user.token)
    await ensureCrd(admin)
    const { group, version, plural, kind } = kinds.gameServers
    const schema = { openAPIV3Schema: { type: 'object' } }
    await admin.create(customResourceDefinitions, {
      metadata: { name: `${plural}.${group}` },
      spec: {
        ...{ group, scope: 'Namespaced', names: { plural, singular: 'gameserver', kind } },
        versions: [{ name: version, served: true, storage: true, schema }],
      },
    } as KubeObject)
    await grant(
      'watcher',
      (await documentedRules()).filter((rule) => !isCustom(rule)),
    )
    const logger = createLogger('watcher', { logLevel: 'warn', logFile: join(dir, 'watcher.log') })
    await vi.waitFor(() => admin.list(kinds.gameServers, {}), waiting)
    await it.start({ cluster: limited, logger })
  })
  afterAll(async () => {
    await it.stopAll()
    await limited.close()
    await admin.close()
    await real.stop()
    await rm(dir, { recursive: true })
  })

  test('sees the end of a workload', async () => {
    const labels = { app: 'web' }
    const spec = { containers: [{ name: 'main', image: 'main' }] }
    const template = { metadata: { labels }, spec }
    await make(kinds.statefulSets, 'web', { spec: { selector: { matchLabels: labels }, template } })
    await vi.waitFor(async () => expect(await it.recorded()).toContain('PodObserved default/web-0'), waiting)
    await admin.delete(kinds.statefulSets, 'default', 'web')
    await vi.waitFor(async () => expect(await told()).toEqual([['StatefulSet', expect.any(String)]]), waiting)
    expect(await warnings()).toEqual([])
  })

  test('says which kind of workload it may not read, and takes its end for nothing until it may', async () => {
    await make(kinds.gameServers, 'arena')
    const sentence =
      'the watcher may not list and watch gameservers.agones.dev: EIPs of their Pods stay when they are deleted; grant it get, list and watch on gameservers.agones.dev'
    await vi.waitFor(async () => expect(await warnings()).toContain(sentence), waiting)
    await admin.delete(kinds.gameServers, 'default', 'arena')
    await admin.delete(pods, 'default', 'arena-0')
    await vi.waitFor(
      async () => expect(await it.recorded()).toContain('PodEnded default/arena-0 Deleted'),
      waiting,
    )
    expect(await told()).toHaveLength(1)

    await grant('watcher-agones', (await documentedRules()).filter(isCustom))
    await vi.waitFor(async () => expect(await told()).toContainEqual(['GameServer', 'Missed']), waiting)
  })
})
