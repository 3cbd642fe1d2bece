import { annotationNames } from '@pod-eip/domain'
import { describe, expect, test } from 'vitest'
import { createMarkWatch } from '../src/pod/mark-watch.ts'
import type { SeenMark } from '../src/pod/seen-marks.ts'

const key = 'ns/web-0'
const right = { publicIp: '203.0.113.1', eipId: 'eip-1' }

function mark(version: number, facts: Partial<SeenMark> = {}): SeenMark {
  return { ...{ key, uid: 'a', publicIp: null, eipId: null }, resourceVersion: String(version), ...facts }
}

/** A watch that has told the Pod its EIP at version 10. */
function watching() {
  const watch = createMarkWatch(annotationNames('tke.cloud.tencent.com'))
  watch.told(mark(10, right))
  const shows = (seen: SeenMark, now = 0) => watch.follow([{ type: 'MODIFIED', object: seen }], now)
  return { watch, shows }
}

describe('what a Pod shows of its EIP', () => {
  test('is left alone while it is what the Pod was told, or older than that', () => {
    const { watch, shows } = watching()
    expect(shows(mark(11, right))).toEqual([])
    expect(shows(mark(9))).toEqual([])
    expect(watch.isForged(key)).toBe(false)
  })

  test.each([
    ['another address', mark(11, { ...right, publicIp: '198.51.100.1' })],
    ['another EIP', mark(11, { ...right, eipId: 'eip-9' })],
    ['nothing', mark(11)],
    ['what no Pod was told', mark(11, { uid: 'b', eipId: 'eip-9' })],
  ])('is corrected at once, and once, when it is %s', (_, seen) => {
    const { watch, shows } = watching()
    expect(shows(seen, 5)).toEqual([{ key, at: 5 }])
    expect(shows({ ...seen, resourceVersion: '12' }, 6)).toEqual([])
    expect(watch.isForged(key)).toBe(true)
    watch.told(mark(13, right))
    expect(watch.isForged(key)).toBe(false)
  })

  test('is found wrong in a list as well', () => {
    const { watch } = watching()
    expect(watch.replace([mark(11)], 5)).toEqual([{ key, at: 5 }])
  })

  test('is corrected ever later while another writer does not give in, and at once after a long peace', () => {
    const { watch, shows } = watching()
    let now = 0
    let version = 10
    const waits: number[] = []
    const fight = () => {
      const [due] = shows(mark(++version, { ...right, eipId: 'eip-9' }), now)
      waits.push(due!.at - now)
      now = due!.at
      watch.told(mark(++version, right))
    }
    for (let round = 0; round < 12; round += 1) fight()
    expect(waits.slice(0, 5)).toEqual([0, 1_000, 2_000, 4_000, 8_000])
    expect(waits.at(-1)).toBe(300_000)
    now += 3_600_000
    fight()
    expect(waits.at(-1)).toBe(0)
  })

  test('is forgotten with the Pod', () => {
    const { watch, shows } = watching()
    shows(mark(11))
    watch.follow([{ type: 'DELETED', object: mark(12) }], 0)
    expect(watch.isForged(key)).toBe(false)
    watch.forget(key)
    expect(shows(mark(13, { uid: 'b' }))).toEqual([])
  })
})
