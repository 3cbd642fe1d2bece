import { disputeStory } from '@pod-eip/domain'
import { silentLogger } from '@pod-eip/runtime'
import { describe, expect, test } from 'vitest'
import { createCorrections } from '../src/disputes/corrections.ts'
import { otherWriter } from '../src/disputes/other-writer.ts'
import { createPutRight, type DueWrite } from '../src/disputes/put-right.ts'
import { createTellCorrection, type Undone } from '../src/disputes/tell-corrections.ts'

const hourMs = 3_600_000
const spec: DueWrite = {
  ...{ kind: 'EIPClaim', key: 'ns/web-0', uid: 'a', stream: 'claim/ns/web-0', part: 'spec', by: 'argocd' },
  undone: true,
}

/** A clock that is set by hand, a writer who writes only when he may, and what was told. */
function desk() {
  const clock = { now: 0 }
  const corrections = createCorrections({ now: () => clock.now })
  const told: Undone[] = []
  const later: number[] = []
  const putRight = createPutRight({
    ...{ corrections, clock: { now: () => clock.now } },
    refused: { watch: (_, call) => call() },
    tell: async (undone) => void told.push(undone),
    later: (_, at) => void later.push(at),
  })
  let written = 0
  const write = (due: DueWrite = spec) =>
    putRight.write(due, async () => {
      written += 1
      return { uid: 'a' }
    })
  return { clock, corrections, putRight, told, later, write, written: () => written }
}

describe('what another writer undoes', () => {
  test('is put right at once, then ever later, and at once again after a long peace', async () => {
    const { clock, later, write, written } = desk()
    const waits: number[] = []
    for (let round = 0; round < 12; round += 1) {
      const before = written()
      const began = clock.now
      await write()
      if (written() === before) {
        clock.now = later.at(-1)!
        await write()
      }
      expect(written()).toBe(before + 1)
      waits.push(clock.now - began)
    }
    expect(waits.slice(0, 5)).toEqual([0, 1_000, 2_000, 4_000, 8_000])
    expect(waits.at(-1)).toBe(300_000)
    clock.now += hourMs
    const before = written()
    await write()
    expect(written()).toBe(before + 1)
  })

  test('is written a bounded number of times an hour, however often it is undone', async () => {
    const { clock, write, written } = desk()
    for (; clock.now < hourMs; clock.now += 1_000) await write()
    expect(written()).toBeLessThanOrEqual(20)
    expect(written()).toBeGreaterThanOrEqual(15)
  })

  test('holds up nothing that the log brings', async () => {
    const { write, written, told } = desk()
    for (let i = 0; i < 5; i += 1) await write({ ...spec, undone: false })
    expect(written()).toBe(5)
    expect(told).toEqual([])
  })

  test('is counted for each part of each object, until the object is gone', async () => {
    const { corrections, putRight, write, written } = desk()
    await write()
    await write({ ...spec, part: 'status' })
    await write({ ...spec, key: 'ns/web-1' })
    expect(written()).toBe(3)
    await write()
    expect(written()).toBe(3)
    putRight.forget('EIPClaim', 'ns/web-0', 'spec')
    await write()
    expect(written()).toBe(4)
    expect(corrections.disputed()).toBe(0)
  })

  test('is disputed from the third time on, for as long as the other one does not give in', async () => {
    const { clock, corrections, later, write } = desk()
    for (let i = 0; i < 5; i += 1) {
      await write()
      clock.now = later.at(-1) ?? clock.now
    }
    expect(corrections.disputed()).toBe(1)
    clock.now += hourMs
    expect(corrections.disputed()).toBe(0)
  })
})

test('the first correction is told, and once more that somebody does not give in', async () => {
  const posted: [string, string][] = []
  const tell = createTellCorrection({
    events: {
      tellOf: async (_key, identity, story) =>
        void posted.push([story.reason, `${identity}: ${story.message}`]),
    },
    logger: silentLogger,
  })
  for (let times = 1; times <= 10; times += 1) await tell(spec, times)
  expect(posted.map(([reason]) => reason)).toEqual(['ChangeUndone', 'FieldsDisputed'])
  expect(posted[0]![1]).toContain('argocd changed the spec')
  expect(posted[1]![1]).toContain(disputeStory('spec', 'argocd').message)
})

describe('who else wrote a field', () => {
  const entry = (manager: string, time: string, fieldsV1: object) => ({ manager, time, fieldsV1 })
  const written = (...managedFields: unknown[]) => ({ metadata: { name: 'web-0', managedFields } })
  const capacity = (key: string) => ({ 'f:status': { 'f:capacity': { [`f:${key}`]: {} } } })
  const path = ['f:status', 'f:capacity', 'f:tke.cloud.tencent.com/eip']

  test('is whoever did so last, never the publisher itself', () => {
    const eip = capacity('tke.cloud.tencent.com/eip')
    const object = written(
      entry('tke-eni-ipamd', '2026-01-01T00:00:02Z', eip),
      entry('kubelet', '2026-01-01T00:00:01Z', eip),
      entry('pod-eip-publisher', '2026-01-01T00:00:03Z', eip),
      entry('kubectl', '2026-01-01T00:00:04Z', capacity('cpu')),
    )
    expect(otherWriter(object, 'pod-eip-publisher', path)).toBe('tke-eni-ipamd')
  })

  test.each([
    ['nobody owns it', [entry('kubectl', '', {})]],
    ['an object says nothing of that', []],
    ['an entry is broken', [{ manager: 7 }, null, 'x']],
  ])('is not known when %s', (_, entries) => {
    expect(otherWriter(written(...entries), 'pod-eip-publisher', path)).toBe('')
  })
})
