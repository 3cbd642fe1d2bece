import { beforeAll, describe, expect, it } from 'vitest'
import { type ApiScene, collections, names, pod, refused } from './scene.ts'

const { configMaps, pods } = collections

export function selectorsContract(scene: ApiScene): void {
  describe('selectors', () => {
    let own: string
    beforeAll(async () => {
      own = scene.fresh()
      const labels: Record<string, Record<string, string>> = {
        a: { tier: 'game', track: 'stable' },
        b: { tier: 'web' },
        c: {},
      }
      for (const [letter, more] of Object.entries(labels)) {
        const metadata = { labels: { test: own, ...more } }
        await scene.made(
          pods,
          pod(`${own}-${letter}`, { metadata, spec: { nodeName: `${own}-node-${letter}` } }),
        )
      }
    })
    const selected = async (query: string) =>
      names(await scene.get(`${pods}?${query}`)).map((name) => name.slice(own.length + 1))

    it.each([
      ['tier', 'ab'],
      ['!tier', 'c'],
      ['tier=game', 'a'],
      ['tier==game', 'a'],
      ['tier!=game', 'bc'],
      ['tier in (game, web)', 'ab'],
      ['tier notin (game)', 'bc'],
      ['tier in (game),track=stable', 'a'],
      ['tier=', ''],
    ])('labels %s', async (selector, expected) => {
      const query = `labelSelector=${encodeURIComponent(`test=${own},${selector}`)}`
      expect((await selected(query)).join('')).toBe(expected)
    })

    it.each(['a b', 'tier in game', '=', 'tier in (a', '-tier=x'])(
      'labels "%s" are refused',
      async (selector) => {
        const answer = await scene.get(`${pods}?labelSelector=${encodeURIComponent(selector)}`)
        refused(answer, 400, 'BadRequest')
      },
    )

    it.each([
      ['spec.nodeName=OWN-node-a', 'a'],
      ['spec.nodeName!=OWN-node-a', 'bc'],
      ['metadata.name=OWN-b', 'b'],
      ['metadata.name==OWN-b,status.phase=Pending', 'b'],
      ['status.phase!=Pending', ''],
      ['metadata.namespace=default,spec.restartPolicy=Always', 'abc'],
    ])('fields %s', async (selector, expected) => {
      const fields = encodeURIComponent(selector.replaceAll('OWN', own))
      expect((await selected(`labelSelector=test=${own}&fieldSelector=${fields}`)).join('')).toBe(expected)
    })

    it('a field that cannot be selected by is refused', async () => {
      const { message } = refused(await scene.get(`${configMaps}?fieldSelector=data.a=1`), 400, 'BadRequest')
      expect(message).toContain('data.a')
      const { message: ofPods } = refused(
        await scene.get(`${pods}?fieldSelector=spec.x=1`),
        400,
        'BadRequest',
      )
      expect(ofPods).toContain('field label not supported: spec.x')
    })
  })
}
