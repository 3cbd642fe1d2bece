import { customResourceDefinitions, eipClaimCrd, eipClaims, pods } from '@pod-eip/kube'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { inMemory, inPostgres, scene, waiting } from './testing/scene.ts'

describe.each([
  ['in memory', async () => inMemory()],
  ['in Postgres', inPostgres],
])('with a log %s', (_, open) => {
  let it: ReturnType<typeof scene>
  beforeEach(async () => {
    it = scene(await open())
  })
  afterEach(() => it.stopAll())

  const eventually = (expected: string[]) =>
    vi.waitFor(async () => expect((await it.recorded()).sort()).toEqual([...expected].sort()), waiting)

  test('Pods that ask, their changes and their end are recorded, others not', async () => {
    it.node('n1', '8')
    await it.start()
    it.pod('web-0')
    it.pod('plain', {})
    it.touch('web-0')
    it.store.bind('default', 'web-0', 'n1')
    await eventually(['NodeObserved n1', 'PodObserved default/web-0', 'PodObserved default/web-0'])
    it.store.delete(pods, 'default', 'web-0', { gracePeriodSeconds: 0 })
    it.store.delete(pods, 'default', 'plain')
    await eventually([
      ...['NodeObserved n1', 'PodObserved default/web-0', 'PodObserved default/web-0'],
      'PodEnded default/web-0 Deleted',
    ])
  })

  test.each([
    ['the read models', true],
    ['the log alone, the projector being down', false],
  ])('deletions of an outage are found where the history is lost, by %s', async (_by, projects) => {
    const { stop } = await it.start()
    for (const name of ['gone', 'replaced', 'stays']) it.pod(name)
    await vi.waitFor(async () => expect(await it.recorded()).toHaveLength(3), waiting)
    if (projects) await it.project()
    await stop()

    it.remove('gone')
    it.remove('replaced')
    it.pod('replaced')
    it.pod('new')
    it.store.compact()
    await it.start()
    await eventually([
      ...['gone', 'replaced', 'stays', 'replaced', 'new'].map((name) => `PodObserved default/${name}`),
      'PodEnded default/gone Missed',
      'PodEnded default/replaced Replaced',
    ])
  })

  test('a restart goes on where it was, without a list, and finds how each Pod ended', async () => {
    const { stop } = await it.start()
    it.pod('gone')
    it.pod('stays')
    await vi.waitFor(async () => expect(await it.recorded()).toHaveLength(2), waiting)
    await stop()
    it.remove('gone')
    await it.start()
    await eventually([
      ...['PodObserved default/gone', 'PodObserved default/stays'],
      'PodEnded default/gone Deleted',
    ])
    expect(it.cluster.lists.get('pods')).toBe(1)
  })

  test('two watchers at once record everything once', async () => {
    await it.start()
    await it.start()
    const names = Array.from({ length: 20 }, (_unused, i) => `web-${i}`)
    for (const name of names) it.pod(name)
    it.cluster.cut()
    for (const name of names.slice(0, 10)) it.remove(name)
    await eventually([
      ...names.map((name) => `PodObserved default/${name}`),
      ...names.slice(0, 10).map((name) => `PodEnded default/${name} Deleted`),
    ])
  })

  test('other annotations to look for mean looking at every Pod again', async () => {
    it.pod('web-0', { 'eip.example.com/eip-attributes': '{}' })
    const { stop } = await it.start()
    expect(await it.recorded()).toEqual([])
    await stop()
    await it.start({ settings: { annotationDomain: 'eip.example.com' } })
    await eventually(['PodObserved default/web-0'])
  })

  test('an EIPClaim that is deleted is recorded once, however often it is seen', async () => {
    it.eipClaim('web-0')
    const { stop } = await it.start()
    it.store.delete(eipClaims, 'default', 'web-0')
    await eventually(['EipClaimDeletionRequested default/web-0'])
    await stop()
    it.store.compact()
    await it.start()
    it.eipClaim('web-1')
    it.store.delete(eipClaims, 'default', 'web-1')
    await eventually(['EipClaimDeletionRequested default/web-0', 'EipClaimDeletionRequested default/web-1'])
  })

  test('removing the whole resource gives nothing back', async () => {
    it.eipClaim('web-0')
    it.eipClaim('web-1')
    const { watcher } = await it.start()
    it.store.delete(customResourceDefinitions, null, eipClaimCrd.metadata.name)
    const { items } = it.store.list(eipClaims)
    expect(items.map((claim) => claim.metadata.deletionTimestamp !== undefined)).toEqual([true, true])
    const last = Math.max(...items.map((claim) => Number(claim.metadata.resourceVersion)))
    await vi.waitFor(() => {
      expect(Number(watcher.health().resources.eipclaims!.resourceVersion)).toBeGreaterThanOrEqual(last)
    }, waiting)
    expect(await it.recorded()).toEqual([])
  })
})
