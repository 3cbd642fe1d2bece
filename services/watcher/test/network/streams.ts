import { nodes, pods } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { corruptions } from './corruptions.ts'
import { type NetworkScene, stallMs, whatHappened } from './network-scene.ts'
import type { Tampering } from './tampering.ts'

/** Streams that are cut, stall, or bring what is wrong; and lists that do. */
export function brokenStreams(it: NetworkScene): void {
  test.each<[string, (line: Buffer) => Tampering]>([
    ['cut in the middle of a line', (line) => ({ bytes: line.subarray(0, line.length / 2), next: 'cut' })],
    ['cut behind a line', (line) => ({ bytes: line, next: 'cut' })],
    ['half-closed in the middle of a line', (line) => ({ bytes: line.subarray(0, 100), next: 'half-close' })],
    ['half-closed behind a line', (line) => ({ bytes: line, next: 'half-close' })],
    [
      'ended in good order in the middle of a line',
      (line) => ({ bytes: line.subarray(0, 100), next: 'end' }),
    ],
  ])('a stream that is %s', async (_, how) => {
    await it.start()
    const happened = it.proxy.nextChange('pods', how)
    await it.somethingHappens()
    await happened
    await it.recorded(...whatHappened)
    expect(it.lists('pods')).toBe(1)
  })

  test.each<[string, (line: Buffer) => Tampering]>([
    ['behind a line', (line) => ({ bytes: line, next: 'stall' })],
    ['in the middle of a line', (line) => ({ bytes: line.subarray(0, 100), next: 'stall' })],
  ])('a stream that stalls %s, its connection open', async (_, how) => {
    await it.start()
    const stalled = it.proxy.nextChange('pods', how)
    await it.somethingHappens()
    await stalled
    it.clock.jump(stallMs)
    await it.recorded(...whatHappened)
    expect(it.lists('pods')).toBe(1)
  })

  test('every stream stalls at once, and Nodes and Pods come and go meanwhile', async () => {
    await it.node('n1')
    await it.start()
    it.proxy.stallAll()
    await it.somethingHappens()
    await it.remove(nodes, 'n1')
    await it.node('n2')
    it.clock.jump(stallMs)
    await it.recorded(...whatHappened, 'NodeObserved n1', 'NodeRemoved n1', 'NodeObserved n2')
  })

  test.each(corruptions)('a stream that brings %s', async (_, how) => {
    await it.start()
    const happened = it.proxy.nextChange('pods', how)
    await it.somethingHappens()
    await happened
    await it.recorded(...whatHappened)
  })

  test('a stream that brings an ERROR 410 instead of a deletion', async () => {
    await it.start()
    await it.pod('web-0')
    await it.recorded('PodObserved default/web-0')
    const expired = Buffer.from('{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired"}}\n')
    const happened = it.proxy.nextChange('pods', () => ({ bytes: expired, next: 'end' }))
    await it.remove(pods, 'web-0')
    await happened
    await it.recorded('PodObserved default/web-0', 'PodEnded default/web-0 Missed')
    expect(it.lists('pods')).toBe(2)
  })

  test.each(corruptions.filter(([what]) => what !== 'an ERROR'))('a list that brings %s', async (_, how) => {
    await it.somethingHappens()
    const happened = it.proxy.nextList('pods', how)
    await it.start()
    await happened
    await it.recorded('PodObserved default/web-1')
    expect(it.lists('pods')).toBeGreaterThan(1)
  })
}
