import {
  type Cluster,
  eipClaims,
  ensureCrd,
  events,
  KubeError,
  type KubeObject,
  nodes,
  pods,
  type Resource,
  type WatchEvent,
  type WatchOptions,
} from '@pod-eip/kube'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** A cluster under the contract. It needs the namespaces default and kube-system. */
export interface ContractSubject {
  cluster: Cluster
  /** A resourceVersion of Pods that can no longer be watched from. */
  expiredVersion: () => Promise<string>
  stop: () => Promise<void>
}

/** What every adapter of the port `Cluster` has to do, whatever is behind it. */
export function clusterContract(name: string, start: () => Promise<ContractSubject>): void {
  describe(`Cluster: ${name}`, () => {
    let subject: ContractSubject
    let cluster: Cluster
    let serial = 0
    /** A name of this test alone, also used as a label. */
    let own = ''

    beforeAll(async () => {
      subject = await start()
      cluster = subject.cluster
      await ensureCrd(cluster)
    })
    afterAll(() => subject?.stop())

    const fresh = () => {
      serial += 1
      own = `t${serial}`
      return own
    }
    const pod = (podName: string, more: { labels?: Record<string, string>; finalizers?: string[] } = {}) => ({
      metadata: {
        name: podName,
        namespace: 'default',
        labels: { test: own, ...more.labels },
        ...(more.finalizers ? { finalizers: more.finalizers } : {}),
      },
      spec: { containers: [{ name: 'app', image: 'example.com/app:1' }] },
    })
    const claim = (claimName: string, spec: object = { source: 'auto' }): KubeObject => ({
      metadata: { name: claimName, namespace: 'default', labels: { test: own } },
      spec,
    })
    const refusal = async (promise: Promise<unknown>): Promise<KubeError> => {
      const error = await promise.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(KubeError)
      return error as KubeError
    }
    const now = async (resource: Resource = pods) =>
      (await cluster.list(resource, { limit: 1 })).resourceVersion
    /** Reads the watch until `enough`, then leaves it. */
    const watched = async (
      resource: Resource,
      options: WatchOptions,
      enough: (seen: WatchEvent[]) => boolean,
    ): Promise<WatchEvent[]> => {
      const seen: WatchEvent[] = []
      for await (const event of cluster.watch(resource, options)) {
        seen.push(event)
        if (enough(seen)) break
      }
      return seen
    }
    const changes = (seen: WatchEvent[]) =>
      seen.flatMap((event) =>
        event.type === 'BOOKMARK' ? [] : [`${event.type} ${event.object.metadata.name}`],
      )

    describe('list', () => {
      it('comes in pages of one snapshot', async () => {
        fresh()
        for (const letter of ['a', 'b', 'c', 'd', 'e']) await cluster.create(pods, pod(`${own}-${letter}`))
        const query = { namespace: 'default', labelSelector: `test=${own}`, limit: 2 }
        const first = await cluster.list(pods, query)
        await cluster.create(pods, pod(`${own}-z`))
        const names = first.items.map(({ metadata }) => metadata.name)
        let page = first
        while (page.continue !== undefined) {
          page = await cluster.list(pods, { ...query, continue: page.continue })
          names.push(...page.items.map(({ metadata }) => metadata.name))
          expect(page.resourceVersion).toBe(first.resourceVersion)
        }
        expect(names).toEqual(['a', 'b', 'c', 'd', 'e'].map((letter) => `${own}-${letter}`))
      })

      it('covers one namespace or all', async () => {
        fresh()
        const elsewhere = pod(own)
        elsewhere.metadata.namespace = 'kube-system'
        await cluster.create(pods, pod(own))
        await cluster.create(pods, elsewhere)
        const labelSelector = `test=${own}`
        expect((await cluster.list(pods, { labelSelector })).items).toHaveLength(2)
        const one = await cluster.list(pods, { labelSelector, namespace: 'kube-system' })
        expect(one.items.map(({ metadata }) => metadata.namespace)).toEqual(['kube-system'])
      })

      it('selects by labels and by fields', async () => {
        fresh()
        await cluster.create(pods, pod(`${own}-a`, { labels: { tier: 'game' } }))
        const scheduled = pod(`${own}-b`, { labels: { tier: 'web' } })
        await cluster.create(pods, { ...scheduled, spec: { ...scheduled.spec, nodeName: `node-${own}` } })
        const selected = async (query: object) =>
          (await cluster.list(pods, { namespace: 'default', ...query })).items.map(
            ({ metadata }) => metadata.name,
          )
        expect(await selected({ labelSelector: `test=${own},tier!=web` })).toEqual([`${own}-a`])
        expect(await selected({ labelSelector: `test=${own},tier in (web, mail)` })).toEqual([`${own}-b`])
        expect(await selected({ labelSelector: `test=${own},!tier` })).toEqual([])
        expect(await selected({ fieldSelector: `metadata.name=${own}-a` })).toEqual([`${own}-a`])
        expect(await selected({ fieldSelector: `spec.nodeName=node-${own}` })).toEqual([`${own}-b`])
      })

      it('of nothing is empty and has a position', async () => {
        const page = await cluster.list(pods, { labelSelector: 'test=nobody' })
        expect(page.items).toEqual([])
        expect(page.continue).toBeUndefined()
        expect(page.resourceVersion).toMatch(/^[1-9]\d*$/)
      })
    })

    describe('the resource of a kind', () => {
      const statefulSets: Resource = {
        ...{ group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet', namespaced: true },
      }

      it.each<[string, string, Resource | null]>([
        ['v1', 'Pod', pods],
        ['v1', 'Node', nodes],
        ['apps/v1', 'StatefulSet', statefulSets],
        ['networking.tke.cloud.tencent.com/v1', 'EIPClaim', eipClaims],
        ['v1', 'Scale', null],
        ['v1', 'Nonsense', null],
        ['example.com/v1', 'Pod', null],
      ])('%s %s', async (apiVersion, kind, expected) => {
        expect(await cluster.resourceOf(apiVersion, kind)).toEqual(expected)
      })

      it('is found in another version when its own is not served any more', async () => {
        expect(await cluster.resourceOf('apps/v1beta1', 'StatefulSet')).toEqual(statefulSets)
      })
    })

    describe('create and get', () => {
      it('gives the object its identity', async () => {
        fresh()
        const { metadata } = await cluster.create(eipClaims, claim(own))
        expect(metadata).toMatchObject({ name: own, namespace: 'default', generation: 1 })
        expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
        expect(Date.parse(metadata.creationTimestamp ?? '')).not.toBeNaN()
        const read = await cluster.get(eipClaims, 'default', own)
        expect(read).toMatchObject({ apiVersion: 'networking.tke.cloud.tencent.com/v1', kind: 'EIPClaim' })
        expect(read?.metadata.resourceVersion).toBe(metadata.resourceVersion)
      })

      it('refuses a name that is taken', async () => {
        fresh()
        await cluster.create(eipClaims, claim(own))
        const error = await refusal(cluster.create(eipClaims, claim(own)))
        expect(error).toMatchObject({ status: 409, reason: 'AlreadyExists' })
      })

      it('gets null for what is not there', async () => {
        expect(await cluster.get(pods, 'default', 'nobody')).toBeNull()
        expect(await cluster.get(nodes, null, 'nobody')).toBeNull()
      })

      it('refuses an object that the schema forbids', async () => {
        fresh()
        const error = await refusal(cluster.create(eipClaims, claim(own, { source: 'stolen' })))
        expect(error).toMatchObject({ status: 422, reason: 'Invalid' })
        expect(error.message).toContain('spec.source')
      })

      it('takes Events about an object', async () => {
        fresh()
        const time = '2026-11-24T08:00:00Z'
        await cluster.create(events, {
          metadata: { name: `${own}.1`, namespace: 'default' },
          involvedObject: { kind: 'Pod', namespace: 'default', name: own },
          reason: 'AllocatedEip',
          message: 'eip-1 was allocated.',
          type: 'Normal',
          ...{ firstTimestamp: time, lastTimestamp: time, count: 1 },
          source: { component: 'pod-eip' },
        })
        const found = await cluster.list(events, { fieldSelector: `involvedObject.name=${own}` })
        expect(found.items.map(({ reason }) => reason)).toEqual(['AllocatedEip'])
      })
    })

    describe('merge patch', () => {
      it('sets, and removes with null', async () => {
        fresh()
        await cluster.create(pods, pod(own, { labels: { kept: 'yes', gone: 'soon' } }))
        const patch = { metadata: { labels: { gone: null }, annotations: { note: 'hello' } } }
        const patched = await cluster.mergePatch(pods, 'default', own, patch)
        expect(patched.metadata.labels).toEqual({ test: own, kept: 'yes' })
        expect(patched.metadata.annotations).toMatchObject({ note: 'hello' })
      })

      it('that changes nothing leaves the version as it was', async () => {
        fresh()
        const { metadata } = await cluster.create(pods, pod(own))
        const patched = await cluster.mergePatch(pods, 'default', own, {
          metadata: { labels: { test: own } },
        })
        expect(patched.metadata.resourceVersion).toBe(metadata.resourceVersion)
      })

      it('with an old resourceVersion is a conflict', async () => {
        fresh()
        const { resourceVersion } = (await cluster.create(pods, pod(own))).metadata
        const patch = (value: string) => ({ metadata: { resourceVersion, annotations: { value } } })
        await cluster.mergePatch(pods, 'default', own, patch('1'))
        const error = await refusal(cluster.mergePatch(pods, 'default', own, patch('2')))
        expect(error).toMatchObject({ status: 409, reason: 'Conflict' })
      })

      it('of what is not there is NotFound', async () => {
        const error = await refusal(cluster.mergePatch(pods, 'default', 'nobody', { metadata: {} }))
        expect(error).toMatchObject({ status: 404, reason: 'NotFound' })
      })

      it('of the status sets node capacity and leaves the rest', async () => {
        fresh()
        await cluster.create(nodes, { metadata: { name: own }, status: { capacity: { cpu: '4' } } })
        const patch = {
          status: { capacity: { 'tke.cloud.tencent.com/eip': '2' } },
          spec: { unschedulable: true },
        }
        const options = { fieldManager: 'pod-eip', subresource: 'status' as const }
        await cluster.mergePatch(nodes, null, own, patch, options)
        const node = await cluster.get(nodes, null, own)
        expect(node?.status.capacity).toEqual({ cpu: '4', 'tke.cloud.tencent.com/eip': '2' })
        expect(node?.spec?.unschedulable).toBeUndefined()
      })
    })

    describe('server-side apply', () => {
      const ours = { fieldManager: 'pod-eip' }

      it('creates, and repeated changes nothing', async () => {
        fresh()
        const first = await cluster.apply(eipClaims, claim(own), ours)
        const second = await cluster.apply(eipClaims, claim(own), ours)
        expect(second.metadata.uid).toBe(first.metadata.uid)
        expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
      })

      it('removes what it applied before and no longer does, and nothing of others', async () => {
        fresh()
        const annotated = (annotations: Record<string, string>): KubeObject => ({
          metadata: { name: own, namespace: 'default', annotations },
        })
        await cluster.create(pods, pod(own))
        await cluster.mergePatch(pods, 'default', own, { metadata: { annotations: { theirs: '1' } } })
        await cluster.apply(pods, annotated({ eip: 'eip-1', ip: '1.1.1.1' }), ours)
        const after = await cluster.apply(pods, annotated({ eip: 'eip-1' }), ours)
        expect(after.metadata.annotations).toEqual({ theirs: '1', eip: 'eip-1' })
        expect(after.metadata.labels).toEqual({ test: own })
      })

      it('of a field that another manager owns is a conflict, unless forced', async () => {
        fresh()
        await cluster.apply(eipClaims, claim(own, { source: 'auto', deletePolicy: 'Never' }), {
          fieldManager: 'someone',
        })
        const changed = claim(own, { source: 'auto', deletePolicy: 'Release' })
        const error = await refusal(cluster.apply(eipClaims, changed, ours))
        expect(error).toMatchObject({ status: 409, reason: 'Conflict' })
        expect(error.message).toContain('someone')
        const forced = await cluster.apply(eipClaims, changed, { ...ours, force: true })
        expect(forced.spec.deletePolicy).toBe('Release')
      })

      it('of the status of what is not there is NotFound', async () => {
        const status = { metadata: { name: 'nobody', namespace: 'default' }, status: { phase: 'Bound' } }
        const error = await refusal(cluster.apply(eipClaims, status, { ...ours, subresource: 'status' }))
        expect(error).toMatchObject({ status: 404, reason: 'NotFound' })
      })

      it('merges conditions by type', async () => {
        fresh()
        await cluster.create(pods, pod(own))
        const conditions = (type: string, status: string): KubeObject => ({
          metadata: { name: own, namespace: 'default' },
          status: { conditions: [{ type, status }] },
        })
        const status = { subresource: 'status' as const, force: true }
        await cluster.apply(pods, conditions('Ready', 'True'), { fieldManager: 'kubelet', ...status })
        await cluster.apply(pods, conditions('example.com/eip', 'False'), { ...ours, ...status })
        const after = await cluster.apply(pods, conditions('example.com/eip', 'True'), { ...ours, ...status })
        const all = after.status.conditions.map((one: { type: string; status: string }) => [
          one.type,
          one.status,
        ])
        expect(Object.fromEntries(all)).toMatchObject({ Ready: 'True', 'example.com/eip': 'True' })
      })
    })

    describe('status subresource', () => {
      it('keeps status and spec apart, and counts generations by spec', async () => {
        fresh()
        const status = { phase: 'Bound', eipId: 'eip-1', generation: 1 }
        const created = await cluster.create(eipClaims, { ...claim(own), status })
        expect(created.status).toBeUndefined()
        const ours = { fieldManager: 'pod-eip', subresource: 'status' as const }
        const identity = { name: own, namespace: 'default' }
        const told = await cluster.apply(eipClaims, { metadata: identity, status }, ours)
        expect(told).toMatchObject({ spec: { source: 'auto' }, status, metadata: { generation: 1 } })
        const patch = { spec: { deletePolicy: 'Never' }, status: { phase: 'Released' } }
        const patched = await cluster.mergePatch(eipClaims, 'default', own, patch)
        expect(patched).toMatchObject({
          status,
          spec: { deletePolicy: 'Never' },
          metadata: { generation: 2 },
        })
      })
    })

    describe('delete', () => {
      it('answers null when there was nothing', async () => {
        expect(await cluster.delete(pods, 'default', 'nobody')).toBeNull()
      })

      it('takes an object away', async () => {
        fresh()
        const { uid } = (await cluster.create(eipClaims, claim(own))).metadata
        const deleted = await cluster.delete(eipClaims, 'default', own)
        expect(deleted?.metadata).toMatchObject({ name: own, namespace: 'default', uid })
        expect(await cluster.get(eipClaims, 'default', own)).toBeNull()
      })

      it('with the uid of another object is a conflict', async () => {
        fresh()
        const { uid } = (await cluster.create(eipClaims, claim(own))).metadata
        const other = '00000000-0000-4000-8000-000000000000'
        const error = await refusal(cluster.delete(eipClaims, 'default', own, { uid: other }))
        expect(error).toMatchObject({ status: 409, reason: 'Conflict' })
        expect(await cluster.get(eipClaims, 'default', own)).not.toBeNull()
        await cluster.delete(eipClaims, 'default', own, { uid: uid! })
        expect(await cluster.get(eipClaims, 'default', own)).toBeNull()
      })

      it('waits for finalizers', async () => {
        fresh()
        const from = await now()
        await cluster.create(pods, pod(own, { finalizers: ['example.com/hold'] }))
        await cluster.delete(pods, 'default', own)
        const held = await cluster.get(pods, 'default', own)
        expect(Date.parse(held?.metadata.deletionTimestamp ?? '')).not.toBeNaN()
        await cluster.mergePatch(pods, 'default', own, { metadata: { finalizers: null } })
        expect(await cluster.get(pods, 'default', own)).toBeNull()
        const options = { resourceVersion: from, labelSelector: `test=${own}` }
        const seen = await watched(pods, options, (all) => changes(all).includes(`DELETED ${own}`))
        const told = changes(seen)
        expect(told[0]).toBe(`ADDED ${own}`)
        expect(told.slice(1, -1)).not.toHaveLength(0)
        expect(new Set(told.slice(1, -1))).toEqual(new Set([`MODIFIED ${own}`]))
      })
    })

    describe('watch', () => {
      it('tells what came after its version, in order', async () => {
        fresh()
        await cluster.create(eipClaims, claim(`${own}-before`))
        const from = await now(eipClaims)
        await cluster.create(eipClaims, claim(own))
        await cluster.mergePatch(eipClaims, 'default', own, { metadata: { annotations: { n: '1' } } })
        await cluster.delete(eipClaims, 'default', own)
        const seen = await watched(eipClaims, { resourceVersion: from }, (all) => changes(all).length === 3)
        expect(changes(seen)).toEqual([`ADDED ${own}`, `MODIFIED ${own}`, `DELETED ${own}`])
        const versions = seen.map((event) =>
          BigInt(event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion!),
        )
        expect(versions).toEqual(versions.toSorted((a, b) => (a < b ? -1 : 1)))
        expect(new Set(versions).size).toBe(versions.length)
      })

      it('tells what happens while it runs, and resumes from the last version without loss', async () => {
        fresh()
        const options = { resourceVersion: await now(), labelSelector: `test=${own}`, namespace: 'default' }
        const first = watched(pods, options, (all) => changes(all).length === 1)
        await cluster.create(pods, pod(`${own}-a`))
        const [event] = await first
        await cluster.create(pods, pod(`${own}-b`))
        const resourceVersion = event?.type === 'ADDED' ? event.object.metadata.resourceVersion! : ''
        const rest = await watched(pods, { ...options, resourceVersion }, (all) => changes(all).length === 1)
        expect(changes(rest)).toEqual([`ADDED ${own}-b`])
      })

      it('shows objects that enter and leave a selector as added and deleted', async () => {
        fresh()
        const label = (on: string | null) => ({ metadata: { labels: { on } } })
        const resourceVersion = await now()
        await cluster.create(pods, pod(own))
        await cluster.mergePatch(pods, 'default', own, label('yes'))
        await cluster.mergePatch(pods, 'default', own, { metadata: { annotations: { n: '1' } } })
        await cluster.mergePatch(pods, 'default', own, label(null))
        const options = { resourceVersion, labelSelector: `test=${own},on=yes` }
        const seen = await watched(pods, options, (all) => changes(all).length === 3)
        expect(changes(seen)).toEqual([`ADDED ${own}`, `MODIFIED ${own}`, `DELETED ${own}`])
      })

      it('ends when its signal aborts, quiet as it may be', async () => {
        const stop = new AbortController()
        const options = { resourceVersion: await now(), labelSelector: 'test=nobody', signal: stop.signal }
        const ended = watched(pods, options, () => false)
        // A round trip later it is certainly running.
        await now()
        stop.abort()
        expect(changes(await ended)).toEqual([])
      })

      it('ends after timeoutSeconds, with a bookmark before', async () => {
        fresh()
        // An API server owes its bookmark to no single watch: on a busy one it can come too late for the end.
        for (let watches = 1; ; watches++) {
          const options = { resourceVersion: await now(), labelSelector: `test=${own}`, timeoutSeconds: 8 }
          const ended = watched(pods, options, () => false)
          await now()
          // The position moves on although this watch does not show the Pod.
          const name = `${own}-${watches}`
          await cluster.create(pods, { ...pod(name), metadata: { name, namespace: 'default' } })
          const bookmarks = (await ended).filter((event) => event.type === 'BOOKMARK')
          for (const event of bookmarks) expect(event.resourceVersion).toMatch(/^[1-9]\d*$/)
          if (bookmarks.length > 0) return
          expect(watches, 'watches in a row without a bookmark').toBeLessThan(4)
        }
      })

      it('from a version too old is Expired', async () => {
        const options = { resourceVersion: await subject.expiredVersion() }
        const error = await refusal(watched(pods, options, () => false))
        expect(error).toMatchObject({ status: 410, reason: 'Expired' })
      })
    })
  })
}
