import {
  customResourceDefinitions,
  eipClaims,
  KubeError,
  type KubeObject,
  type OwnerReference,
  pods,
  type Resource,
} from '@pod-eip/kube'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Watcher } from '../src/index.ts'
import { inMemory, scene, waiting } from './testing/scene.ts'

const apps = (plural: string, kind: string): Resource => ({
  ...{ group: 'apps', version: 'v1', plural, kind, namespaced: true },
})
const [statefulSets, replicaSets, deployments] = [
  apps('statefulsets', 'StatefulSet'),
  apps('replicasets', 'ReplicaSet'),
  apps('deployments', 'Deployment'),
]
const custom = (group: string, plural: string, kind: string): Resource => ({
  ...{ group, version: 'v1', plural, kind, namespaced: true },
})
const [shops, stalls] = [custom('example.com', 'shops', 'Shop'), custom('example.com', 'stalls', 'Stall')]
const fleets = custom('agones.dev', 'fleets', 'Fleet')
const gameServers = custom('agones.dev', 'gameservers', 'GameServer')
const [cronJobs, jobs] = [custom('batch', 'cronjobs', 'CronJob'), custom('batch', 'jobs', 'Job')]

let it = scene(inMemory())
afterEach(async () => {
  await it.stopAll()
  it = scene(inMemory())
})

/** What was recorded about owners: `PodObserved web-0 of Deployment web`, `OwnerEnded web Deleted`. */
async function told(): Promise<string[]> {
  const events = await it.log.read({ after: 0, limit: 1_000 })
  return events.flatMap(({ type, data }) => {
    const { claim, owner, reason } = data as {
      claim?: string
      owner?: OwnerReference | null
      reason?: string
    }
    const name = claim?.split('/')[1]
    switch (type) {
      case 'PodObserved':
      case 'OwnerChanged':
        return [`${type} ${name} of ${owner ? `${owner.kind} ${owner.name}` : 'nobody'}`]
      case 'OwnerEnded':
        return [`${type} ${owner?.kind} ${owner?.name} ${reason}`]
      default:
        return []
    }
  })
}
const soon = (expected: string[]) => vi.waitFor(async () => expect(await told()).toEqual(expected), waiting)

function controlledBy(owner: KubeObject, resource: Resource): OwnerReference {
  const { group, version, kind } = resource
  const apiVersion = group === '' ? version : `${group}/${version}`
  return { apiVersion, kind, name: owner.metadata.name, uid: owner.metadata.uid ?? '', controller: true }
}

function make(resource: Resource, name: string, owner?: OwnerReference): KubeObject {
  const metadata = { name, namespace: 'default', ...(owner && { ownerReferences: [owner] }) }
  return it.store.create(resource, { metadata, ...specOf(resource) } as KubeObject)
}

function specOf({ group, kind }: Resource): object {
  const labels = { app: 'web' }
  const spec = { containers: [{ name: 'main', image: 'main' }] }
  if (kind === 'Job') return { spec: { template: { spec: { ...spec, restartPolicy: 'Never' } } } }
  if (group !== 'apps') return {}
  return { spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } } }
}

const asks = { 'tke.cloud.tencent.com/eip-attributes': '{}' }
const podOf = (owner?: OwnerReference, name = 'web-0') =>
  it.store.create(pods, {
    metadata: {
      ...{ name, namespace: 'default', annotations: asks },
      ...(owner && { ownerReferences: [owner] }),
    },
    spec: { containers: [{ name: 'main', image: 'main' }] },
  })

function define({ group, version, plural, kind }: Resource): void {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  it.store.create(customResourceDefinitions, {
    metadata: { name: `${plural}.${group}` },
    spec: {
      ...{ group, scope: 'Namespaced', names: { plural, singular: kind.toLowerCase(), kind } },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  })
}

/** Waits until the kinds of all owners so far are being watched. */
async function ownersFollowed({ watcher }: { watcher: Watcher }): Promise<void> {
  await vi.waitFor(() => {
    const owners = Object.values(watcher.health().owners)
    expect(owners.length).toBeGreaterThan(0)
    for (const { phase, resourceVersion } of owners)
      expect([phase, resourceVersion]).toEqual(['watching', expect.any(String)])
  }, waiting)
}

/** A cluster that answers some questions otherwise. */
const butFor = (overrides: Partial<typeof it.cluster>) => ({ ...it.cluster, ...overrides })
const forbidden = new KubeError(403, 'Forbidden', 'no')

describe('the workload on top', () => {
  test('is the StatefulSet itself', async () => {
    podOf(controlledBy(make(statefulSets, 'web'), statefulSets))
    await it.start()
    expect(await told()).toEqual(['PodObserved web-0 of StatefulSet web'])
  })

  test('is the Deployment behind the ReplicaSet', async () => {
    const set = make(replicaSets, 'web-1', controlledBy(make(deployments, 'web'), deployments))
    podOf(controlledBy(set, replicaSets))
    await it.start()
    expect(await told()).toEqual(['PodObserved web-0 of Deployment web'])
  })

  test('is found up a chain of custom resources', async () => {
    for (const resource of [shops, stalls]) define(resource)
    podOf(controlledBy(make(stalls, 'web-1', controlledBy(make(shops, 'web'), shops)), stalls))
    await it.start()
    expect(await told()).toEqual(['PodObserved web-0 of Shop web'])
  })

  test.each([
    ['CronJob', 'Job', cronJobs, jobs],
    ['Fleet', 'GameServer', fleets, gameServers],
  ])('is not the %s, whose every %s has another name', async (_, kind, maker, run) => {
    for (const resource of [cronJobs, fleets, gameServers]) define(resource)
    podOf(controlledBy(make(run, 'web-1', controlledBy(make(maker, 'web'), maker)), run))
    await ownersFollowed(await it.start())
    it.store.delete(run, 'default', 'web-1')
    await soon([`PodObserved web-0 of ${kind} web-1`, `OwnerEnded ${kind} web-1 Deleted`])
  })

  test('is nobody for a Pod on its own', async () => {
    podOf()
    await it.start()
    expect(await told()).toEqual(['PodObserved web-0 of nobody'])
  })

  test('is the link that may not be looked at, and that of a kind that is not served', async () => {
    const set = make(replicaSets, 'web-1', controlledBy(make(deployments, 'web'), deployments))
    podOf(controlledBy(set, replicaSets))
    podOf({ apiVersion: 'example.com/v1', kind: 'Game', name: 'go', uid: 'g', controller: true }, 'other-0')
    const get: typeof it.cluster.get = (resource, ...more) =>
      resource.kind === 'ReplicaSet' ? Promise.reject(forbidden) : it.cluster.get(resource, ...more)
    await it.start({ cluster: butFor({ get }) })
    expect((await told()).sort()).toEqual([
      'PodObserved other-0 of Game go',
      'PodObserved web-0 of ReplicaSet web-1',
    ])
  })

  test('is looked for again when the API server could not tell', async () => {
    podOf(controlledBy(make(statefulSets, 'web'), statefulSets))
    const get: typeof it.cluster.get = (resource, ...more) =>
      resource.kind === 'StatefulSet'
        ? Promise.reject(new KubeError(500, 'InternalError', 'the webhook failed'))
        : it.cluster.get(resource, ...more)
    const { stop } = await it.start({ cluster: butFor({ get }) })
    expect(await told()).toEqual(['PodObserved web-0 of nobody'])
    await stop()
    // A history that is gone makes it begin with a complete list.
    it.touch('web-0')
    it.store.compact()
    await it.start()
    await soon(['PodObserved web-0 of nobody', 'OwnerChanged web-0 of StatefulSet web'])
  })
})

describe('the end of a workload', () => {
  test('is recorded once it is gone, for those that own claims only', async () => {
    podOf(controlledBy(make(statefulSets, 'web'), statefulSets))
    make(statefulSets, 'stranger')
    await ownersFollowed(await it.start())
    it.store.delete(statefulSets, 'default', 'stranger')
    it.store.delete(statefulSets, 'default', 'web', { propagationPolicy: 'Foreground' })
    await soon(['PodObserved web-0 of StatefulSet web', 'OwnerEnded StatefulSet web Deleted'])
  })

  test('has not come while a finalizer holds it', async () => {
    const owner = make(statefulSets, 'web')
    podOf(controlledBy(owner, statefulSets))
    const finalizers = (list: string[]) =>
      it.store.patch(statefulSets, 'default', 'web', {
        type: 'merge',
        body: { metadata: { finalizers: list } },
      })
    finalizers(['example.com/hold'])
    await ownersFollowed(await it.start())
    it.store.delete(statefulSets, 'default', 'web')
    podOf(controlledBy(owner, statefulSets), 'web-1')
    await soon(['PodObserved web-0 of StatefulSet web', 'PodObserved web-1 of StatefulSet web'])
    finalizers([])
    await vi.waitFor(
      async () => expect((await told()).at(-1)).toBe('OwnerEnded StatefulSet web Deleted'),
      waiting,
    )
  })

  test('that leaves its Pods is told as such, before they are let go', async () => {
    podOf(controlledBy(make(statefulSets, 'web'), statefulSets))
    await ownersFollowed(await it.start())
    it.store.delete(statefulSets, 'default', 'web', { propagationPolicy: 'Orphan' })
    podOf(controlledBy(make(statefulSets, 'web'), statefulSets), 'web-1')
    await vi.waitFor(async () => {
      const facts = await told()
      expect(facts).toContain('PodObserved web-0 of nobody')
      expect(facts).toContain('PodObserved web-1 of StatefulSet web')
      expect(facts.filter((fact) => fact.startsWith('OwnerEnded'))).toEqual([
        'OwnerEnded StatefulSet web Orphaning',
      ])
    }, waiting)
  })

  test('is found out after an outage, also when another one has the name by now', async () => {
    const owner = controlledBy(make(statefulSets, 'web'), statefulSets)
    // Its Pod outlives it for a while, as with a long grace period.
    podOf(owner)
    it.store.patch(pods, 'default', 'web-0', {
      type: 'merge',
      body: { metadata: { finalizers: ['example.com/hold'] } },
    })
    const { stop } = await it.start()
    await stop()
    it.store.delete(statefulSets, 'default', 'web')
    make(statefulSets, 'web')
    it.store.compact()
    await it.start()
    await vi.waitFor(async () => {
      expect((await told()).filter((fact) => fact.startsWith('OwnerEnded'))).toEqual([
        'OwnerEnded StatefulSet web Missed',
      ])
    }, waiting)
  })

  test('that came before the Pod was recorded is recorded with it', async () => {
    const gone = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'gone', controller: true }
    // The collector of the simulated cluster would take the Pod at once; this one is slower.
    it.store.create(pods, {
      metadata: { name: 'web-0', namespace: 'default', annotations: asks, finalizers: ['example.com/hold'] },
      spec: { containers: [{ name: 'main', image: 'main' }] },
    })
    it.store.patch(pods, 'default', 'web-0', {
      type: 'merge',
      body: { metadata: { ownerReferences: [gone] } },
    })
    await it.start()
    await soon(['PodObserved web-0 of StatefulSet web', 'OwnerEnded StatefulSet web Missed'])
  })

  test('of a link above leaves the claims to the link that stays', async () => {
    for (const resource of [shops, stalls]) define(resource)
    const stall = make(stalls, 'web-1', controlledBy(make(shops, 'web'), shops))
    podOf(controlledBy(stall, stalls))
    await ownersFollowed(await it.start())
    // Somebody takes the Stall out of the Shop, and deletes the Shop: neither touches the Pod.
    const ownerReferences: OwnerReference[] = []
    it.store.patch(stalls, 'default', 'web-1', { type: 'merge', body: { metadata: { ownerReferences } } })
    it.store.delete(shops, 'default', 'web')
    await soon([
      'PodObserved web-0 of Shop web',
      'OwnerChanged web-0 of Stall web-1',
      'OwnerEnded Shop web Deleted',
    ])
  })

  test('is not concluded where the kind may not be listed', async () => {
    podOf(controlledBy(make(statefulSets, 'web'), statefulSets))
    const list: typeof it.cluster.list = (resource, ...more) =>
      resource.kind === 'StatefulSet' ? Promise.reject(forbidden) : it.cluster.list(resource, ...more)
    const { watcher } = await it.start({ cluster: butFor({ list }) })
    await vi.waitFor(
      () => expect(watcher.health().owners['statefulsets.apps']?.lastError).toBe('no'),
      waiting,
    )
    expect(watcher.health()).toMatchObject({ live: true, ready: true })
    it.store.delete(statefulSets, 'default', 'web', { propagationPolicy: 'Orphan' })
    podOf(undefined, 'web-1')
    await vi.waitFor(async () => expect(await told()).toContain('PodObserved web-1 of nobody'), waiting)
    expect((await told()).filter((fact) => fact.startsWith('OwnerEnded'))).toEqual([])
  })
})

test('an EIPClaim that goes with its owner was deleted by nobody', async () => {
  const owner = controlledBy(make(statefulSets, 'web'), statefulSets)
  podOf(owner)
  const claim = it.eipClaim('web-0')
  it.eipClaim('web-1')
  const { apiVersion, kind, name, uid } = owner
  it.store.patch(eipClaims, 'default', 'web-0', {
    type: 'merge',
    body: { metadata: { ownerReferences: [{ apiVersion, kind, name, uid }] } },
  })
  await ownersFollowed(await it.start())
  it.store.delete(statefulSets, 'default', 'web')
  it.store.delete(eipClaims, 'default', 'web-1')
  await vi.waitFor(async () => {
    const events = await it.log.read({ after: 0, limit: 100 })
    const deletions = events.filter(({ type }) => type === 'EipClaimDeletionRequested')
    expect(deletions.map(({ data }) => [data.claim, data.collectedWith]).sort()).toEqual([
      ['default/web-0', uid],
      ['default/web-1', null],
    ])
    expect(deletions.find(({ data }) => data.collectedWith)?.data.objectUid).toBe(claim.metadata.uid)
    const end = events.find(({ type }) => type === 'OwnerEnded')
    expect(end?.position).toBeLessThan(deletions.find(({ data }) => data.collectedWith)?.position ?? 0)
  }, waiting)
})
