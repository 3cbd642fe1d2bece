import { eipClaims, nodes, pods } from '@pod-eip/kube'
import { seededRandom } from '@pod-eip/runtime'
import { expect, test, vi } from 'vitest'
import { corruptions } from './corruptions.ts'
import { type NetworkScene, stallMs, statefulSets, waiting } from './network-scene.ts'

/** Changes that no watch has shown, because there was none or its history is gone. */
export function gaps(it: NetworkScene): void {
  test('a history that is compacted while the stream is cut', async () => {
    await it.start()
    await it.pod('gone')
    await it.pod('stays')
    await it.recorded('PodObserved default/gone', 'PodObserved default/stays')
    it.proxy.answerNext('pods', 1, { status: 503, headers: { 'retry-after': '110' } })
    it.proxy.cutAll()
    await vi.waitFor(() => expect(it.health().resources.pods!.lastError).toContain('503'), waiting)
    await it.remove(pods, 'gone')
    await it.api.compact()
    it.clock.jump(120_000)
    await it.recorded('PodObserved default/gone', 'PodObserved default/stays', 'PodEnded default/gone Missed')
  })

  /** What is in the log, and what is to come into it by what happens while the watcher is down. */
  const lost = async (): Promise<string[]> => {
    for (const name of ['gone', 'again', 'stays']) {
      await it.pod(name)
      await it.node(`node-${name}`)
    }
    await it.eipClaim('stays')
    await it.start()
    const before = ['gone', 'again', 'stays'].flatMap((name) => [
      `PodObserved default/${name}`,
      `NodeObserved node-${name}`,
    ])
    await it.recorded(...before)
    await it.stop()
    for (const name of ['gone', 'again']) {
      await it.remove(pods, name)
      await it.remove(nodes, `node-${name}`)
    }
    await it.pod('again')
    await it.node('node-again')
    await it.pod('short')
    await it.remove(pods, 'short')
    await it.remove(eipClaims, 'stays')
    return [
      ...before,
      ...[
        'PodObserved default/again',
        'NodeObserved node-again',
        'NodeRemoved node-gone',
        'NodeRemoved node-again',
      ],
      'EipClaimDeletionRequested default/stays',
    ]
  }

  test('deletions while the watcher is down: it goes on where it was, without a list', async () => {
    const facts = await lost()
    await it.start()
    await it.recorded(
      ...facts,
      ...['gone', 'again', 'short'].map((name) => `PodEnded default/${name} Deleted`),
      'PodObserved default/short',
    )
    expect(it.lists('pods')).toBe(1)
    expect(it.lists('nodes')).toBe(1)
  })

  test('deletions while the watcher is down, their history lost: a list is held against the log', async () => {
    const facts = await lost()
    await it.api.compact()
    await it.start()
    await it.recorded(...facts, ...['PodEnded default/gone Missed', 'PodEnded default/again Replaced'])
    expect(it.lists('pods')).toBe(2)
  })

  test.each([
    ['known', 'Deleted'],
    ['lost', 'Missed'],
  ])('the owner of a Pod that goes while the watcher is down, the history %s', async (history, reason) => {
    await it.pod('db-0', { ownerReferences: [await it.workload('db')] })
    await it.start()
    const isFollowed = () => expect(it.health().owners['statefulsets.apps']?.resourceVersion).toBeDefined()
    await vi.waitFor(isFollowed, waiting)
    await it.stop()
    await it.remove(statefulSets, 'db')
    if (history === 'lost') await it.api.compact()
    await it.start()
    const ends = async () => (await it.facts()).filter((fact) => fact.startsWith('OwnerEnded'))
    await vi.waitFor(async () => expect(await ends()).toEqual([`OwnerEnded ${reason}`]), waiting)
    await it.truth()
  })

  test('one thing after the other, while Pods come and go', async () => {
    const random = seededRandom(7)
    const living = new Set<string>()
    await it.start()
    const faults = [
      () => it.proxy.cutAll(),
      () => it.proxy.stallAll(),
      () => it.clock.jump(stallMs),
      () => void it.proxy.nextChange('pods', () => ({ bytes: Buffer.alloc(0), next: 'cut' })),
      () => void it.proxy.nextChange('pods', corruptions[Math.floor(random.next() * corruptions.length)]![1]),
      () => it.proxy.answerNext('pods', 2, { status: 503 }),
      () => it.proxy.answerNext('pods', 1, { status: 410 }),
    ]
    for (let step = 0; step < 120; step += 1) {
      const name = `web-${Math.floor(random.next() * 8)}`
      if (living.has(name)) await it.remove(pods, name)
      else await it.pod(name)
      if (!living.delete(name)) living.add(name)
      if (step % 6 === 0) faults[Math.floor(random.next() * faults.length)]!()
    }
    it.clock.jump(stallMs)
    await it.truth()
  })
}
