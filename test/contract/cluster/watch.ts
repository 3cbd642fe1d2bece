import { eipClaims, pods } from '@pod-eip/kube'
import { describe, expect, it } from 'vitest'
import { type ClusterScene, changes } from './scene.ts'

export function watchesContract(scene: ClusterScene): void {
  const { fresh, pod, claim, refusal, now, watched } = scene
  describe('watch', () => {
    it('tells what came after its version, in order', async () => {
      const own = fresh()
      await scene.cluster.create(eipClaims, claim(`${own}-before`))
      const from = await now(eipClaims)
      await scene.cluster.create(eipClaims, claim(own))
      await scene.cluster.mergePatch(eipClaims, 'default', own, { metadata: { annotations: { n: '1' } } })
      await scene.cluster.delete(eipClaims, 'default', own)
      const seen = await watched(eipClaims, { resourceVersion: from }, (all) => changes(all).length === 3)
      expect(changes(seen)).toEqual([`ADDED ${own}`, `MODIFIED ${own}`, `DELETED ${own}`])
      const versions = seen.map((event) =>
        BigInt(event.type === 'BOOKMARK' ? event.resourceVersion : event.object.metadata.resourceVersion!),
      )
      expect(versions).toEqual(versions.toSorted((a, b) => (a < b ? -1 : 1)))
      expect(new Set(versions).size).toBe(versions.length)
    })

    it('tells what happens while it runs, and resumes from the last version without loss', async () => {
      const own = fresh()
      const options = { resourceVersion: await now(), labelSelector: `test=${own}`, namespace: 'default' }
      const first = watched(pods, options, (all) => changes(all).length === 1)
      await scene.cluster.create(pods, pod(`${own}-a`))
      const [event] = await first
      await scene.cluster.create(pods, pod(`${own}-b`))
      const resourceVersion = event?.type === 'ADDED' ? event.object.metadata.resourceVersion! : ''
      const rest = await watched(pods, { ...options, resourceVersion }, (all) => changes(all).length === 1)
      expect(changes(rest)).toEqual([`ADDED ${own}-b`])
    })

    it('shows objects that enter and leave a selector as added and deleted', async () => {
      const own = fresh()
      const label = (on: string | null) => ({ metadata: { labels: { on } } })
      const resourceVersion = await now()
      await scene.cluster.create(pods, pod(own))
      await scene.cluster.mergePatch(pods, 'default', own, label('yes'))
      await scene.cluster.mergePatch(pods, 'default', own, { metadata: { annotations: { n: '1' } } })
      await scene.cluster.mergePatch(pods, 'default', own, label(null))
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
      const own = fresh()
      // An API server owes its bookmark to no single watch: on a busy one it can come too late for the end.
      for (let watches = 1; ; watches++) {
        const options = { resourceVersion: await now(), labelSelector: `test=${own}`, timeoutSeconds: 8 }
        const ended = watched(pods, options, () => false)
        await now()
        // The position moves on although this watch does not show the Pod.
        const name = `${own}-${watches}`
        await scene.cluster.create(pods, { ...pod(name), metadata: { name, namespace: 'default' } })
        const bookmarks = (await ended).filter((event) => event.type === 'BOOKMARK')
        for (const event of bookmarks) expect(event.resourceVersion).toMatch(/^[1-9]\d*$/)
        if (bookmarks.length > 0) return
        expect(watches, 'watches in a row without a bookmark').toBeLessThan(4)
      }
    })

    it('from a version too old is Expired', async () => {
      const options = { resourceVersion: await scene.expiredVersion() }
      const error = await refusal(watched(pods, options, () => false))
      expect(error).toMatchObject({ status: 410, reason: 'Expired' })
    })
  })
}
