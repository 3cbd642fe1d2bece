import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, names, refused } from './scene.ts'

const { configMaps } = collections

export function pagingContract(scene: ApiScene): void {
  describe('a list in pages', () => {
    const three = async () => {
      const own = scene.fresh()
      for (const letter of ['a', 'b', 'c']) {
        await scene.configMap(`${own}-${letter}`, { metadata: { labels: { test: own } } })
      }
      return own
    }

    it('says how much is left when nothing is selected', async () => {
      await three()
      const all = names(await scene.get(configMaps))
      const { body } = await scene.get(`${configMaps}?limit=2`)
      expect(body.metadata.remainingItemCount).toBe(all.length - 2)
      const rest = await scene.get(`${configMaps}?continue=${body.metadata.continue}`)
      expect(rest.body.metadata.continue ?? '').toBe('')
      expect(rest.body.metadata.remainingItemCount).toBeUndefined()
      expect([
        ...body.items.map((item: { metadata: { name: string } }) => item.metadata.name),
        ...names(rest),
      ]).toEqual(all)
    })

    it('does not say so when something is selected', async () => {
      const own = await three()
      const { body } = await scene.get(`${configMaps}?limit=1&labelSelector=test=${own}`)
      expect(body.metadata.continue).toMatch(/./)
      expect(body.metadata.remainingItemCount).toBeUndefined()
    })

    it('goes on from the state that it began with, until that is forgotten', async () => {
      const own = await three()
      const first = await scene.get(`${configMaps}?limit=1&labelSelector=test=${own}`)
      await scene.delete(`${configMaps}/${own}-b`)
      await scene.configMap(`${own}-d`, { metadata: { labels: { test: own } } })
      const next = `${configMaps}?limit=2&labelSelector=test=${own}&continue=${first.body.metadata.continue}`
      const second = await scene.get(next)
      expect(names(second)).toEqual([`${own}-b`, `${own}-c`])
      expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion)

      await scene.forget()
      const status = refused(await scene.get(next), 410, 'Expired')
      // What it offers instead goes on in the present.
      const offered = `${configMaps}?limit=2&labelSelector=test=${own}&continue=${status.metadata.continue}`
      const later = await scene.get(offered)
      expect(names(later)).toEqual([`${own}-c`, `${own}-d`])
      expect(BigInt(later.body.metadata.resourceVersion)).toBeGreaterThan(
        BigInt(first.body.metadata.resourceVersion),
      )
    })

    it('does not go on by a token that the server did not give', async () => {
      const { message } = refused(
        await scene.get(`${configMaps}?limit=1&continue=bm9uc2Vuc2U`),
        400,
        'BadRequest',
      )
      expect(message).toContain('continue key is not valid')
    })

    it('cannot go on and name a version', async () => {
      await three()
      const { body } = await scene.get(`${configMaps}?limit=1`)
      const { continue: token, resourceVersion } = body.metadata
      const both = await scene.get(
        `${configMaps}?limit=1&continue=${token}&resourceVersion=${resourceVersion}`,
      )
      expect(both.status).toBe(400)
    })
  })
}
