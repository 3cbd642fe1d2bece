import { describe, expect, test } from 'vitest'
import { createPodView } from '../src/pod/pod-view.ts'
import type { SeenPod } from '../src/pod/seen-pod.ts'

const key = 'ns/web-0'
const bound = { publicIp: '203.0.113.1', eipId: 'eip-1' }

function pod(version: number, facts: Partial<SeenPod> = {}): SeenPod {
  return {
    ...{ key, uid: 'a', resourceVersion: String(version), publicIp: null, eipId: null },
    ...{ ofInterest: true, gated: true, condition: null, annotationsBy: '', conditionBy: '' },
    ...facts,
  }
}

/** A view that has seen the Pod with its EIP at version 10. */
function viewing() {
  const view = createPodView()
  view.replace([pod(10, bound)])
  return { view, shows: (object: SeenPod) => view.follow([{ type: 'MODIFIED', object }]) }
}

describe('Pods as last seen', () => {
  test('are of interest only when they show something else of an EIP', () => {
    const { shows } = viewing()
    expect(shows(pod(11, bound))).toEqual([])
    expect(shows(pod(12, { ...bound, eipId: 'eip-9' }))).toEqual([key])
    expect(shows(pod(13, { ...bound, eipId: 'eip-9' }))).toEqual([])
    expect(shows(pod(14, bound))).toEqual([key])
    const condition = { status: 'True', reason: 'x', message: 'y' }
    expect(shows(pod(15, { ...bound, condition }))).toEqual([key])
    expect(shows(pod(16, { ...bound, condition: { ...condition, status: 'False' } }))).toEqual([key])
    expect(shows(pod(17, { uid: 'b', ...bound }))).toEqual([key])
  })

  test('are of none when they have nothing to do with EIPs, and known nevertheless', () => {
    const { view } = viewing()
    expect(view.replace([pod(20, { key: 'ns/db-0', ofInterest: false })])).toEqual([])
    expect(view.get('ns/db-0')).not.toBeNull()
  })

  test('are never taken for what they showed before', () => {
    const { view, shows } = viewing()
    view.put(pod(20))
    expect(shows(pod(19, bound))).toEqual([])
    expect(view.get(key)).toEqual(pod(20))
    view.put(pod(12, bound))
    expect(view.get(key)).toEqual(pod(20))
  })

  test('do not come back to life by an answer that arrives after their end', () => {
    const { view } = viewing()
    view.follow([{ type: 'DELETED', object: pod(11) }])
    view.put(pod(10, bound))
    expect(view.get(key)).toBeNull()
  })

  test('are not forgotten for the end of an earlier Pod of the name', () => {
    const { view, shows } = viewing()
    shows(pod(11, { uid: 'b' }))
    view.follow([{ type: 'DELETED', object: pod(12) }])
    expect(view.get(key)?.uid).toBe('b')
    view.put(pod(13))
    expect(view.get(key)?.uid).toBe('b')
  })

  test('are gone when a complete list does not have them', () => {
    const { view } = viewing()
    expect(view.replace([pod(20, { key: 'ns/web-1' })])).toEqual(['ns/web-1'])
    expect(view.get(key)).toBeNull()
  })
})
