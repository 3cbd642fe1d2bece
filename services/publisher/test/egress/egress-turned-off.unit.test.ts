import { configMaps, KubeError } from '@pod-eip/kube'
import { describe, expect, test } from 'vitest'
import { original, place, setStage, target } from './testing/egress-stage.ts'

describe('turned off', () => {
  test('it takes out what an earlier start has put there, annotation included', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    stage.publish(null)
    await stage.tick(10)
    const { data, metadata } = await stage.shown()
    expect(data.config).toBe(original)
    expect(metadata.annotations ?? {}).toEqual({})
  })

  test('also what an older publisher puts back meanwhile', async () => {
    const stage = await setStage()
    const older = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stage.publish(null)
    await stage.tick(30)
    expect(await stage.list()).toContain('10.0.0.4/32')
    older.stop()
    await stage.tick(600)
    expect((await stage.shown()).data.config).toBe(original)
  })

  test('it asks nothing of a cluster where it was never on, nor any more once all is out', async () => {
    const stage = await setStage()
    stage.publish(null)
    await stage.tick(3_600)
    expect(stage.asked).toEqual([])
    const { stop } = stage.publish()
    await stage.tick(10)
    stop()
    const off = stage.publish(null)
    await stage.tick(3_600)
    off.stop()
    stage.asked.length = 0
    stage.publish(null)
    await stage.tick(3_600)
    expect(stage.asked).toEqual([])
  })

  test('where the API server refuses, it goes on asking', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    let allowed = false
    stage.publish(null, {
      ...stage.cluster,
      list: async (...args) => {
        if (!allowed) throw new KubeError(403, 'Forbidden', 'no')
        return stage.cluster.list(...args)
      },
    })
    await stage.tick(3_600)
    expect(await stage.list()).toContain('10.0.0.4/32')
    allowed = true
    await stage.tick(600)
    expect((await stage.shown()).data.config).toBe(original)
  })

  test('kept somewhere else, it takes out what stands where it was kept before', async () => {
    const stage = await setStage()
    const { stop } = stage.publish()
    stage.bind('a', '10.0.0.4')
    await stage.tick(10)
    stop()
    await stage.cluster.create(configMaps, {
      metadata: { name: 'other', namespace: place.namespace },
      data: { agent: '{}' },
    })
    stage.publish({ ...target, name: 'other', key: 'agent' })
    await stage.tick(10)
    expect((await stage.shown()).data.config).toBe(original)
    const other = await stage.cluster.get(configMaps, place.namespace, 'other')
    expect(other!.data.agent).toBe('{"NonMasqueradeSrcCIDRs":["10.0.0.4/32"]}')
  })
})
