import { describe, expect, test } from 'vitest'
import { setStage } from './testing/egress-stage.ts'

describe('the list', () => {
  test('has what Pods need, beside all that was there, and is as it was when they are gone', async () => {
    const stage = await setStage()
    const before = await stage.shown()
    stage.publish()
    stage.bind('a', '10.0.0.4')
    stage.bind('b', '10.0.0.5')
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.4/31'])
    stage.end('a')
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.5/32'])
    stage.end('b')
    await stage.tick(10)
    const after = await stage.shown()
    expect(after.data).toEqual(before.data)
    expect(after.metadata.annotations ?? {}).toEqual({})
  })

  test('is not written while nothing changes, whoever starts again', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    stage.publish()
    await stage.edit({ data: { another: 'key' } })
    await stage.tick(3_600)
    expect(stage.writes).toHaveLength(1)
  })

  test('is written a few times for a rollout of 300 Pods', async () => {
    const stage = await setStage()
    stage.publish()
    for (let n = 0; n < 300; n += 1) {
      stage.bind(`p${n}`, `10.0.${n >> 8}.${n & 255}`)
      await stage.tick(0.1)
    }
    await stage.tick(10)
    expect(stage.writes.length).toBeLessThan(10)
    expect(await stage.list()).toEqual([
      '172.16.9.2/32',
      '10.0.0.0/24',
      '10.0.1.0/27',
      '10.0.1.32/29',
      '10.0.1.40/30',
    ])
  })

  test('loses the entry of a Pod within seconds, however many others come', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('gone', '10.9.9.9')
    await stage.tick(10)
    stage.end('gone')
    for (let n = 0; n < 60; n += 1) {
      stage.bind(`p${n}`, `10.0.0.${n}`)
      await stage.tick(0.1)
    }
    expect(await stage.list()).not.toContain('10.9.9.9/32')
  })

  test('loses the entry of a Pod that is to end a minute and a half before it has to', async () => {
    const stage = await setStage()
    stage.publish()
    stage.bind('slow', '10.0.0.4')
    stage.bind('quick', '10.0.0.8')
    await stage.tick(10)
    stage.terminate('slow', 600)
    stage.terminate('quick', 30)
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.4/32'])
    await stage.tick(490)
    expect(await stage.list()).toContain('10.0.0.4/32')
    await stage.tick(20)
    expect(await stage.list()).toEqual(['172.16.9.2/32'])
  })

  test('takes up what changed while nobody was there', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    stage.end('a')
    stage.bind('b', '10.0.0.8')
    stage.publish()
    await stage.tick(10)
    expect(await stage.list()).toEqual(['172.16.9.2/32', '10.0.0.8/32'])
  })

  test('is the same for two publishers at once', async () => {
    const stage = await setStage()
    stage.publish()
    stage.publish()
    for (let n = 0; n < 20; n += 1) {
      stage.bind(`p${n}`, `10.0.0.${2 * n}`)
      if (n > 5) stage.end(`p${n - 5}`)
      await stage.tick(1)
    }
    await stage.tick(10)
    const live = [0, ...Array.from({ length: 5 }, (_, n) => 15 + n)].map((n) => `10.0.0.${2 * n}/32`)
    expect(new Set(await stage.list())).toEqual(new Set(['172.16.9.2/32', ...live]))
    expect(await stage.told()).toEqual([])
  })
})
