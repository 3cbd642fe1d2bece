import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, refused } from './scene.ts'

const { configMaps } = collections
const fullName = 'metadata.name='
const initially = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan'

interface Told {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever an API server tells
  object: any
}

export function watchesContract(scene: ApiScene): void {
  describe('a watch', () => {
    /** Its first events. */
    async function told(query: string, count: number, accept?: string): Promise<Told[]> {
      const seen: Told[] = []
      for await (const event of scene.api.lines(`${configMaps}?watch=1&${query}`, accept ? { accept } : {})) {
        seen.push(event)
        if (seen.length === count) break
      }
      return seen
    }

    it.each(['', 'resourceVersion=0&'])('%s begins with what is there', async (from) => {
      const own = scene.fresh()
      await scene.configMap(own)
      const [first] = await told(`${from}fieldSelector=${fullName}${own}`, 1)
      expect(first).toMatchObject({ type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: own } } })
    })

    it('that wants what is there first is told when that was all', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const query = `${initially}&allowWatchBookmarks=true&fieldSelector=${fullName}${own}`
      const [added, mark] = await told(query, 2)
      expect(added).toMatchObject({ type: 'ADDED', object: { metadata: { name: own } } })
      expect(mark).toMatchObject({
        type: 'BOOKMARK',
        object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
      })
      expect(BigInt(mark?.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(
        BigInt(added?.object.metadata.resourceVersion),
      )
    })

    it('is told so once, however long it goes on, and only where it allows bookmarks', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const query = `${initially}&fieldSelector=${fullName}${own}&timeoutSeconds=3`
      const types = async (more: string) => (await told(query + more, 3)).map(({ type }) => type)
      expect(await types('&allowWatchBookmarks=true')).toEqual(['ADDED', 'BOOKMARK'])
      expect(await types('')).toEqual(['ADDED'])
    })

    it('that wants nothing of what is there begins with what comes', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const query = `sendInitialEvents=false&resourceVersionMatch=NotOlderThan&fieldSelector=${fullName}${own}`
      expect(await told(`${query}&timeoutSeconds=2`, 1)).toEqual([])
    })

    it('from a version yet to come is silent, without bookmarks too, and ends in its time', async () => {
      await scene.configMap(scene.fresh())
      const query = 'resourceVersion=999999999&allowWatchBookmarks=true&timeoutSeconds=3'
      expect(await told(query, 1)).toEqual([])
    })

    it('from a version yet to come tells what comes after it', async () => {
      const { metadata } = await scene.configMap(scene.fresh())
      const asked = Number(metadata.resourceVersion) + 2
      const first = told(`resourceVersion=${asked}`, 1)
      for (let count = 0; count < 5; count += 1) await scene.configMap(scene.fresh())
      const [event] = await first
      expect(event?.type).toBe('ADDED')
      expect(Number(event?.object.metadata.resourceVersion)).toBeGreaterThan(asked)
    })

    it('that wants what is there in a version yet to come is told to try again', async () => {
      const [event] = await told(`${initially}&resourceVersion=999999999`, 1)
      expect(event).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 504, reason: 'Timeout' } })
      expect(event?.object.message).toMatch(/^Timeout: Too large resource version: 999999999, current: \d+$/)
    })

    it('cannot want that without saying how versions match', async () => {
      const { message } = refused(
        await scene.get(`${configMaps}?watch=1&sendInitialEvents=true`),
        422,
        'Invalid',
      )
      expect(message).toContain('resourceVersionMatch: Forbidden')
    })

    it('from a version too old is told so, and ends', async () => {
      const { metadata } = await scene.configMap(scene.fresh())
      await scene.configMap(scene.fresh())
      await scene.forget()
      const version = Number(metadata.resourceVersion) - 1
      const [event, ...more] = await told(`resourceVersion=${version}`, 2)
      expect(event).toMatchObject({
        type: 'ERROR',
        object: { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired' },
      })
      expect(more).toEqual([])
    })

    it('shows objects as a table to who asks for one, with the columns once', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      await scene.configMap(`${own}-other`)
      const query = 'resourceVersion=0'
      const [first, second] = await told(query, 2, 'application/json;as=Table;v=v1;g=meta.k8s.io')
      expect(first?.object).toMatchObject({
        kind: 'Table',
        rows: [{ object: { kind: 'PartialObjectMetadata' } }],
      })
      expect(first?.object.columnDefinitions[0]).toMatchObject({ name: 'Name' })
      expect(second?.object.columnDefinitions ?? []).toEqual([])
    })

    it('shows metadata alone to who asks for no more', async () => {
      const own = scene.fresh()
      await scene.configMap(own, { data: { a: '1' } })
      const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io'
      const [first] = await told(`fieldSelector=${fullName}${own}`, 1, accept)
      expect(first?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: own } })
      expect(first?.object.data).toBeUndefined()
    })
  })
}
