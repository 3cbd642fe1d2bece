import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, names, refused } from './scene.ts'

const { configMaps } = collections

export function resourceVersionsContract(scene: ApiScene): void {
  describe('a resourceVersion of a list', () => {
    it('0 takes whatever state there is at hand', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const answer = await scene.get(`${configMaps}?resourceVersion=0`)
      expect(answer.status).toBe(200)
      expect(answer.body.metadata.resourceVersion).toMatch(/^[1-9]\d*$/)
    })

    it('is a state that must at least be reached, or the very one', async () => {
      const own = scene.fresh()
      const { metadata } = await scene.configMap(`${own}-a`, { metadata: { labels: { test: own } } })
      await scene.configMap(`${own}-b`, { metadata: { labels: { test: own } } })
      const at = (more: string) =>
        scene.get(
          `${configMaps}?labelSelector=test=${own}&resourceVersion=${metadata.resourceVersion}${more}`,
        )
      expect(names(await at(''))).toEqual([`${own}-a`, `${own}-b`])
      expect(names(await at('&resourceVersionMatch=NotOlderThan'))).toEqual([`${own}-a`, `${own}-b`])
      expect(names(await at('&limit=5'))).toEqual([`${own}-a`])
      const exact = await at('&resourceVersionMatch=Exact')
      expect(names(exact)).toEqual([`${own}-a`])
      expect(exact.body.metadata.resourceVersion).toBe(metadata.resourceVersion)
    })

    it('that is forgotten is Expired', async () => {
      const own = scene.fresh()
      const { metadata } = await scene.configMap(own)
      await scene.configMap(`${own}-later`)
      await scene.forget()
      const query = `resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`
      refused(await scene.get(`${configMaps}?${query}`), 410, 'Expired')
    })

    it('that is yet to come is waited for, and then asked for again', async () => {
      const status = refused(await scene.get(`${configMaps}?resourceVersion=999999999`), 504, 'Timeout')
      expect(status.message).toMatch(/^Timeout: Too large resource version: 999999999, current: \d+$/)
      expect(status.details).toMatchObject({
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      })
    })

    it('of one object that is yet to come is not there, either', async () => {
      const name = scene.fresh()
      await scene.configMap(name)
      const status = refused(
        await scene.get(`${configMaps}/${name}?resourceVersion=999999999`),
        504,
        'Timeout',
      )
      expect(status.message).toContain('Too large resource version: 999999999')
    })

    it.each([
      ['how it matches without it', 'resourceVersionMatch=Exact'],
      ['a way to match that there is not', 'resourceVersion=1&resourceVersionMatch=Roughly'],
      ['the very version 0', 'resourceVersion=0&resourceVersionMatch=Exact'],
    ])('refuses %s', async (_, query) => {
      const { message } = refused(await scene.get(`${configMaps}?${query}`), 422, 'Invalid')
      expect(message).toContain('ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch')
    })

    it('is a number', async () => {
      const { status } = await scene.get(`${configMaps}?resourceVersion=latest`)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(status).toBeLessThan(500)
    })
  })
}
