import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { startRealCluster } from '@pod-eip/devstack/real-cluster'
import {
  type ClusterAccess,
  createHttpCluster,
  customResourceDefinitions,
  eipClaimCrd,
  eipClaims,
  ensureCrd,
  type HttpCluster,
  kubeConfigAccess,
  listWatch,
  type Resource,
  staticAccess,
} from '@pod-eip/kube'
import { seededRandom, systemClock } from '@pod-eip/runtime'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const configMaps: Resource = {
  ...{ group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true },
}

describe('on a real control plane', () => {
  let real: Awaited<ReturnType<typeof startRealCluster>>
  let cluster: HttpCluster

  beforeAll(async () => {
    real = await startRealCluster()
    cluster = createHttpCluster({ access: await kubeConfigAccess({ path: real.kubeconfig }) })
  })
  afterAll(async () => {
    const files = dirname(real.kubeconfig)
    await cluster.close()
    await real.stop()
    expect(existsSync(files)).toBe(false)
  })

  const crd = () => cluster.get(customResourceDefinitions, null, eipClaimCrd.metadata.name)

  describe('ensureCrd', () => {
    it('leaves alone a definition that somebody else installed', async () => {
      const { annotations: _, labels: __, ...metadata } = eipClaimCrd.metadata
      await cluster.create(customResourceDefinitions, { ...eipClaimCrd, metadata })
      await expect(ensureCrd(cluster)).rejects.toThrow('exists and was not installed by pod-eip')
      await cluster.delete(customResourceDefinitions, null, metadata.name)
      await vi.waitFor(async () => expect(await crd()).toBeNull(), { timeout: 20_000 })
    })

    it('creates, upgrades an older revision in place, and never downgrades', async () => {
      await ensureCrd(cluster)
      const created = await crd()
      await cluster.create(eipClaims, {
        metadata: { name: 'kept', namespace: 'default' },
        spec: { source: 'auto' },
      })
      await ensureCrd(cluster)
      expect((await crd())?.metadata.resourceVersion).toBe(created?.metadata.resourceVersion)

      const marked = (revision: string) => ({
        metadata: { annotations: { 'pod-eip/crd-revision': revision } },
      })
      const patch = (body: object) =>
        cluster.mergePatch(customResourceDefinitions, null, eipClaimCrd.metadata.name, body)
      await patch({ ...marked('0'), spec: { names: { shortNames: ['old'] } } })
      await ensureCrd(cluster)
      expect((await crd())?.spec.names.shortNames).toEqual(['eipc'])
      await patch({ ...marked('999'), spec: { names: { shortNames: ['new'] } } })
      await ensureCrd(cluster)
      expect((await crd())?.spec.names.shortNames).toEqual(['new'])
      expect((await cluster.get(eipClaims, 'default', 'kept'))?.metadata.uid).toBeDefined()
    })

    it('says which right is missing', async () => {
      const access: ClusterAccess = {
        ...staticAccess({ server: real.server }),
        credentials: async () => ({
          headers: { authorization: `Bearer ${real.token}`, 'impersonate-user': 'nobody' },
          tls: { ca: real.ca },
        }),
      }
      const powerless = createHttpCluster({ access })
      await expect(ensureCrd(powerless)).rejects.toThrow('This process may not get CustomResourceDefinition')
      await powerless.close()
    })
  })

  it('a list-watch survives the API server and misses nothing', async () => {
    const known = new Map<string, string>()
    const lists: number[] = []
    const stop = new AbortController()
    const reader = listWatch<{ name: string; n: string }>({
      ...{ cluster, resource: configMaps, namespace: 'default' },
      ...{ clock: systemClock, random: seededRandom(7), signal: stop.signal },
      project: ({ metadata, data }) => ({ name: metadata.name, n: data?.n ?? '' }),
      onList: ({ items }) => {
        known.clear()
        for (const { name, n } of items) known.set(name, n)
        lists.push(items.length)
      },
      onEvents: (events) => {
        for (const { type, object } of events) {
          if (type === 'DELETED') known.delete(object.name)
          else known.set(object.name, object.n)
        }
      },
    })
    const map = (name: string, n: string) => ({ metadata: { name, namespace: 'default' }, data: { n } })
    await cluster.create(configMaps, map('a', '1'))
    await cluster.create(configMaps, map('b', '1'))
    await vi.waitFor(() => expect([...known.keys()]).toEqual(expect.arrayContaining(['a', 'b'])))

    await real.restart('kube-apiserver', async () => {
      await vi.waitFor(() => expect(reader.status().failures).toBeGreaterThan(1), { timeout: 20_000 })
    })
    await cluster.mergePatch(configMaps, 'default', 'b', { data: { n: '2' } })
    await cluster.delete(configMaps, 'default', 'a')
    await vi.waitFor(
      () => {
        expect(known.has('a')).toBe(false)
        expect(known.get('b')).toBe('2')
      },
      { timeout: 40_000 },
    )
    stop.abort()
    await reader.done
    expect(lists.length).toBeGreaterThanOrEqual(1)
  })
})
