import { pods } from '@pod-eip/kube'
import { describe, expect, it } from 'vitest'
import type { ClusterScene } from './scene.ts'

export function listsContract(scene: ClusterScene): void {
  const { fresh, pod } = scene
  describe('list', () => {
    it('comes in pages of one snapshot', async () => {
      const own = fresh()
      for (const letter of ['a', 'b', 'c', 'd', 'e'])
        await scene.cluster.create(pods, pod(`${own}-${letter}`))
      const query = { namespace: 'default', labelSelector: `test=${own}`, limit: 2 }
      const first = await scene.cluster.list(pods, query)
      await scene.cluster.create(pods, pod(`${own}-z`))
      const names = first.items.map(({ metadata }) => metadata.name)
      let page = first
      while (page.continue !== undefined) {
        page = await scene.cluster.list(pods, { ...query, continue: page.continue })
        names.push(...page.items.map(({ metadata }) => metadata.name))
        expect(page.resourceVersion).toBe(first.resourceVersion)
      }
      expect(names).toEqual(['a', 'b', 'c', 'd', 'e'].map((letter) => `${own}-${letter}`))
    })

    it('covers one namespace or all', async () => {
      const own = fresh()
      const elsewhere = pod(own)
      elsewhere.metadata.namespace = 'kube-system'
      await scene.cluster.create(pods, pod(own))
      await scene.cluster.create(pods, elsewhere)
      const labelSelector = `test=${own}`
      expect((await scene.cluster.list(pods, { labelSelector })).items).toHaveLength(2)
      const one = await scene.cluster.list(pods, { labelSelector, namespace: 'kube-system' })
      expect(one.items.map(({ metadata }) => metadata.namespace)).toEqual(['kube-system'])
    })

    it('selects by labels and by fields', async () => {
      const own = fresh()
      await scene.cluster.create(pods, pod(`${own}-a`, { labels: { tier: 'game' } }))
      const scheduled = pod(`${own}-b`, { labels: { tier: 'web' } })
      await scene.cluster.create(pods, { ...scheduled, spec: { ...scheduled.spec, nodeName: `node-${own}` } })
      const selected = async (query: object) =>
        (await scene.cluster.list(pods, { namespace: 'default', ...query })).items.map(
          ({ metadata }) => metadata.name,
        )
      expect(await selected({ labelSelector: `test=${own},tier!=web` })).toEqual([`${own}-a`])
      expect(await selected({ labelSelector: `test=${own},tier in (web, mail)` })).toEqual([`${own}-b`])
      expect(await selected({ labelSelector: `test=${own},!tier` })).toEqual([])
      expect(await selected({ fieldSelector: `metadata.name=${own}-a` })).toEqual([`${own}-a`])
      expect(await selected({ fieldSelector: `spec.nodeName=node-${own}` })).toEqual([`${own}-b`])
    })

    it('of nothing is empty and has a position', async () => {
      const page = await scene.cluster.list(pods, { labelSelector: 'test=nobody' })
      expect(page.items).toEqual([])
      expect(page.continue).toBeUndefined()
      expect(page.resourceVersion).toMatch(/^[1-9]\d*$/)
    })
  })
}
