import { setImmediate } from 'node:timers/promises'
import { seededRandom } from '@pod-eip/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createScriptedCluster, podAt, type ScriptedCluster } from '../../test/scripted-cluster.ts'
import { createVirtualClock, type VirtualClock } from '../../test/virtual-clock.ts'
import { KubeError } from '../cluster.ts'
import { pods } from '../resources.ts'
import { type ListWatch, type ListWatchOptions, listWatch } from './list-watch.ts'

describe('listWatch', () => {
  let clock: VirtualClock
  let server: ScriptedCluster
  let stop: AbortController
  let reader: ListWatch
  let told: string[]
  let retries: number[]

  beforeEach(() => {
    clock = createVirtualClock()
    server = createScriptedCluster()
    server.lists.push({ items: [podAt('a', '3')], resourceVersion: '10' })
    stop = new AbortController()
    told = []
    retries = []
  })
  afterEach(async () => {
    stop.abort()
    await reader.done.catch(() => {})
  })

  const start = async (more: Partial<ListWatchOptions<string>> = {}) => {
    reader = listWatch<string>({
      ...{ cluster: server.cluster, resource: pods, clock, random: seededRandom(1), signal: stop.signal },
      project: (object) => object.metadata.name,
      onList: ({ items, resourceVersion }) => {
        told.push(`list ${items.join(',')} @${resourceVersion}`)
      },
      onEvents: (events, resourceVersion) => {
        told.push(`${events.map(({ type, object }) => `${type} ${object}`).join(', ')} @${resourceVersion}`)
      },
      onRetry: ({ delayMs }) => {
        retries.push(delayMs)
      },
      ...more,
    })
    reader.done.catch(() => {})
    await setImmediate()
  }
  const watch = () => server.watches.at(-1)!
  const settle = () => clock.advance(0)

  it('lists, then watches from the list', async () => {
    await start()
    watch().send({ type: 'ADDED', object: podAt('b', '11') })
    watch().send({ type: 'DELETED', object: podAt('a', '12') })
    await settle()
    expect(told[0]).toBe('list a @10')
    expect(told.slice(1).join('; ')).toContain('ADDED b')
    expect(told.at(-1)).toContain('DELETED a @12')
    expect(watch().options.resourceVersion).toBe('10')
    expect(reader.status()).toMatchObject({ phase: 'watching', resourceVersion: '12', failures: 0 })
  })

  it('resumes from a position without a list', async () => {
    await start({ from: '7' })
    expect(server.listed).toEqual([])
    expect(watch().options.resourceVersion).toBe('7')
  })

  it('asks for watches of 240 to 480 seconds and goes on where each ended', async () => {
    await start()
    const asked: number[] = []
    for (let round = 0; round < 50; round += 1) {
      asked.push(watch().options.timeoutSeconds!)
      watch().send({ type: 'BOOKMARK', resourceVersion: String(100 + round) })
      await clock.advance(60_000)
      watch().end()
      await settle()
      expect(watch().options.resourceVersion).toBe(String(100 + round))
    }
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(240)
    expect(Math.max(...asked)).toBeLessThanOrEqual(480)
    expect(new Set(asked).size).toBeGreaterThan(30)
    expect(retries).toEqual([])
  })

  it('hands events that came meanwhile to the handler as one batch, never two at a time', async () => {
    const gate = Promise.withResolvers<void>()
    let running = 0
    await start({
      onEvents: async (events, resourceVersion) => {
        running += 1
        expect(running).toBe(1)
        if (told.length === 1) await gate.promise
        told.push(`${events.length} @${resourceVersion}`)
        running -= 1
      },
    })
    watch().send({ type: 'ADDED', object: podAt('p', '11') })
    await settle()
    for (let version = 12; version <= 21; version += 1) {
      watch().send({ type: 'MODIFIED', object: podAt('p', String(version)) })
    }
    await settle()
    expect(reader.status().resourceVersion).toBe('10')
    gate.resolve()
    await settle()
    expect(told).toEqual(['list a @10', '1 @11', '10 @21'])
  })

  it('handles what was read before a cut, then watches again from there', async () => {
    await start()
    watch().send({ type: 'ADDED', object: podAt('b', '11') })
    watch().fail(new KubeError(0, 'ConnectionFailed', 'cut'))
    await clock.advance(1_000)
    expect(told).toEqual(['list a @10', 'ADDED b @11'])
    expect(server.watches).toHaveLength(2)
    expect(watch().options.resourceVersion).toBe('11')
    expect(server.listed).toHaveLength(1)
  })

  it('takes a watch for dead that brings nothing, not even a bookmark, and after two lists again', async () => {
    await start()
    await clock.advance(149_000)
    expect(server.watches).toHaveLength(1)
    await clock.advance(2_000)
    expect(server.watches).toHaveLength(2)
    expect(server.watches[0]!.options.signal?.aborted).toBe(true)
    expect(watch().options.resourceVersion).toBe('10')
    expect(reader.status().lastError).toContain('brought nothing for 150 s')
    await clock.advance(155_000)
    expect(server.listed).toHaveLength(2)
  })

  it('does not blame the server for its own slow handler', async () => {
    const gate = Promise.withResolvers<void>()
    await start({ onEvents: () => gate.promise })
    for (let version = 1; version <= 20_001; version += 1) {
      watch().send({ type: 'MODIFIED', object: podAt('p', String(version + 10)) })
    }
    await clock.advance(600_000)
    expect(server.watches).toHaveLength(1)
    gate.resolve()
    await settle()
    expect(reader.status().resourceVersion).toBe('20011')
  })

  it('lists again after 410, and backs off when that repeats', async () => {
    await start()
    for (let round = 0; round < 6; round += 1) {
      watch().fail(new KubeError(410, 'Expired', 'too old'))
      await clock.advance(60_000)
    }
    expect(told.filter((line) => line.startsWith('list'))).toHaveLength(7)
    expect(retries.slice(0, 6)).toEqual(retries.slice(0, 6).toSorted((a, b) => a - b))
    expect(retries[5]).toBeGreaterThan(8_000)
  })

  it('backs off up to 30 s while the server fails, for ever, and recovers with the first event', async () => {
    server.lists.unshift(
      ...Array.from({ length: 40 }, () => new KubeError(500, 'InternalError', 'etcd is away')),
    )
    await start()
    for (let s = 0; s < 40 * 31 && reader.status().phase !== 'watching'; s += 1) await clock.advance(1_000)
    expect(retries).toHaveLength(40)
    expect(Math.max(...retries)).toBeLessThanOrEqual(30_000)
    expect(Math.min(...retries.slice(10))).toBeGreaterThanOrEqual(15_000)
    expect(reader.status()).toMatchObject({ phase: 'watching', failures: 40, lastError: 'etcd is away' })
    watch().send({ type: 'BOOKMARK', resourceVersion: '11' })
    await settle()
    expect(reader.status().failures).toBe(0)
  })

  it('waits as long as Retry-After says, within reason', async () => {
    server.lists.unshift(
      new KubeError(429, 'TooManyRequests', 'slow down', 17),
      new KubeError(503, 'ServiceUnavailable', 'come back next year', 31_536_000),
    )
    await start()
    await clock.advance(300_000)
    expect(retries[0]).toBeGreaterThanOrEqual(17_000)
    expect(retries[0]).toBeLessThan(18_000)
    expect(retries[1]).toBeGreaterThanOrEqual(120_000)
    expect(retries[1]).toBeLessThan(121_000)
    expect(told).toEqual(['list a @10'])
  })

  it('does not spin when the server ends every watch at once', async () => {
    await start()
    for (let round = 0; round < 20; round += 1) {
      watch().send({ type: 'BOOKMARK', resourceVersion: '11' })
      watch().end()
      await settle()
    }
    expect(server.watches).toHaveLength(1)
    await clock.advance(1_000)
    expect(server.watches.length).toBeLessThanOrEqual(3)
  })

  it('ends with what a handler threw, even a KubeError', async () => {
    const error = new KubeError(409, 'Conflict', 'the append was refused')
    await start({
      onEvents: async () => {
        throw error
      },
    })
    watch().send({ type: 'ADDED', object: podAt('b', '11') })
    await expect(reader.done).rejects.toBe(error)
    expect(reader.status()).toMatchObject({ phase: 'ended', resourceVersion: '10' })
    expect(watch().options.signal?.aborted).toBe(true)
  })

  it.each(['list', 'watch'])('ends with what the projection threw on a %s', async (where) => {
    const error = new TypeError('no such field')
    await start({
      ...(where === 'watch' ? { from: '1' } : {}),
      project: () => {
        throw error
      },
    })
    if (where === 'watch') watch().send({ type: 'ADDED', object: podAt('b', '11') })
    await expect(reader.done).rejects.toBe(error)
  })

  it.each(['list', 'watch'])('tries again where a %s shows what cannot be such an object', async (where) => {
    let shown = 0
    await start({
      ...(where === 'watch' ? { from: '1' } : {}),
      project: (object) => {
        shown += 1
        if (shown === 1) throw new KubeError(0, 'BrokenObject', 'a Pod without a name')
        return object.metadata.name
      },
    })
    const send = () => watch().send({ type: 'ADDED', object: podAt('a', '11') })
    if (where === 'watch') send()
    await clock.advance(1_000)
    if (where === 'watch') send()
    await settle()
    expect(told).toEqual([where === 'list' ? 'list a @10' : 'ADDED a @11'])
    expect(reader.status()).toMatchObject({ phase: 'watching', lastError: 'a Pod without a name' })
  })

  it('keeps its position through an outage, however long its attempts take to fail', async () => {
    await start({ from: '7' })
    for (let round = 0; round < 5; round += 1) {
      await clock.advance(30_000)
      watch().fail(new KubeError(0, 'Timeout', 'no answer in time'))
      await clock.advance(30_000)
    }
    expect(server.listed).toEqual([])
    expect(watch().options.resourceVersion).toBe('7')
  })

  it('ends in peace when its signal aborts, whatever it is doing', async () => {
    await start()
    stop.abort()
    await expect(reader.done).resolves.toBeUndefined()
    expect(watch().options.signal?.aborted).toBe(true)

    stop = new AbortController()
    server.lists = [new KubeError(500, 'InternalError', 'away')]
    await start()
    stop.abort()
    await expect(reader.done).resolves.toBeUndefined()
  })

  it('lets the running handler finish before it ends, and drops what is queued', async () => {
    const gate = Promise.withResolvers<void>()
    await start({
      onEvents: async (_events, resourceVersion) => {
        await gate.promise
        told.push(resourceVersion)
      },
    })
    watch().send({ type: 'ADDED', object: podAt('b', '11') })
    await settle()
    watch().send({ type: 'ADDED', object: podAt('c', '12') })
    await settle()
    let ended = false
    reader.done.then(() => {
      ended = true
    })
    stop.abort()
    await settle()
    expect(ended).toBe(false)
    gate.resolve()
    await reader.done
    expect(told).toEqual(['list a @10', '11'])
  })

  describe('paged lists', () => {
    it('come in pages of 500, each projected when it is there', async () => {
      server.lists = [
        { items: [podAt('a', '1')], resourceVersion: '10', continue: 'p2' },
        { items: [podAt('b', '2')], resourceVersion: '10', continue: 'p3' },
        { items: [podAt('c', '3')], resourceVersion: '10' },
      ]
      await start()
      expect(told).toEqual(['list a,b,c @10'])
      expect(server.listed).toEqual([
        { limit: 500 },
        { limit: 500, continue: 'p2' },
        { limit: 500, continue: 'p3' },
      ])
    })

    it('whose snapshot expires half-way are read again in one answer', async () => {
      server.lists = [
        { items: [podAt('a', '1')], resourceVersion: '10', continue: 'p2' },
        new KubeError(410, 'Expired', 'the continue token is too old'),
        { items: [podAt('x', '1'), podAt('y', '2')], resourceVersion: '20' },
      ]
      await start()
      expect(told).toEqual(['list x,y @20'])
      expect(server.listed.at(-1)).toEqual({})
      expect(watch().options.resourceVersion).toBe('20')
    })

    it('that fail half-way are never told', async () => {
      server.lists = [
        { items: [podAt('a', '1')], resourceVersion: '10', continue: 'p2' },
        new KubeError(500, 'InternalError', 'away'),
        { items: [podAt('b', '1')], resourceVersion: '11' },
      ]
      await start()
      await clock.advance(1_000)
      expect(told).toEqual(['list b @11'])
    })
  })
})
