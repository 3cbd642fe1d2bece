import { createMemoryEventLog, type NewEvent } from '@pod-eip/event-log'
import { expect, test } from 'vitest'
import { type MarkOfLog, watchLog } from './watch-log.ts'

/** A log, the mark of it, and the time. */
function stage() {
  const clock = { at: 0, now: () => clock.at, sleep: async () => {} }
  let marked: Awaited<ReturnType<MarkOfLog['read']>> = null
  const mark: MarkOfLog & { away: boolean; said: string } = {
    ...{ away: false, said: '' },
    doubt: async () => mark.said,
    async read() {
      if (mark.away) throw new Error('the connection was closed')
      return marked
    },
    async write(last) {
      if (mark.away) throw new Error('the connection was closed')
      marked = last
    },
  }
  const filled = (...types: string[]) => {
    const log = createMemoryEventLog({ clock })
    log.appendNow(types.map(event))
    return log
  }
  const lose = () => {
    marked = null
  }
  return { clock, mark, filled, lose, marked: () => marked }
}

function event(type: string): NewEvent {
  return {
    ...{ stream: 'claim/a', type, schemaVersion: 1, occurredAt: '2026-01-01T00:00:00Z', actor: 'test' },
    ...{ correlationId: 'c', causationPosition: null, data: {} },
  }
}

test('a log that has grown since its mark is as it should be', async () => {
  const { clock, mark, filled } = stage()
  const log = filled('One', 'Two')
  const watch = watchLog({ log, mark, clock })
  expect(await watch.problem()).toBe('')
  await watch.mark(2)
  log.appendNow([event('Three')])
  clock.at = 5_000
  expect(await watch.problem()).toBe('')
})

test('a shorter log, and another one of the same length, went back', async () => {
  const { clock, mark, filled } = stage()
  await watchLog({ log: filled('One', 'Two', 'Three'), mark, clock }).mark(3)
  const shorter = await watchLog({ log: filled('One', 'Two'), mark, clock }).problem()
  expect(shorter).toMatch(
    /^The event log went back: it had come to event 3, and it ends at event 2,.*"eipctl recover"\.$/,
  )
  const other = await watchLog({ log: filled('One', 'Two', 'Else', 'More'), mark, clock }).problem()
  expect(other).toContain('it has another event there')
})

test('without a mark, or without the store that has it, nothing can be told', async () => {
  const { clock, mark, filled, marked } = stage()
  const watch = watchLog({ log: filled('One'), mark, clock })
  expect(await watch.problem()).toBe('')
  mark.away = true
  clock.at = 2_000
  expect(await watch.problem()).toBe('')
  await watch.mark(1)
  expect(marked()).toBeNull()
})

test('whoever has seen the mark knows it still when it is lost, until there is another', async () => {
  const { clock, mark, filled, marked, lose } = stage()
  const log = filled('One', 'Two', 'Three')
  await watchLog({ log, mark, clock }).mark(3)
  let now: ReturnType<typeof filled> = log
  const watch = watchLog({
    log: { head: () => now.head(), read: (query) => now.read(query) },
    ...{ mark, clock },
  })
  expect(await watch.problem()).toBe('')
  lose()
  now = filled('One')
  clock.at = 1_000
  expect(await watch.problem()).toContain('it had come to event 3, and it ends at event 1')
  await watchLog({ log: now, mark, clock }).mark(1)
  expect(marked()?.position).toBe(1)
  clock.at = 2_000
  expect(await watch.problem()).toBe('')
})

test('what somebody else has found counts as well, with a mark or without', async () => {
  const { clock, mark, filled } = stage()
  mark.said = 'the cloud has more.'
  expect(await watchLog({ log: filled('One'), mark, clock }).problem()).toBe('the cloud has more.')
})

test('it is looked for and marked once a second at most', async () => {
  const { clock, mark, filled, marked } = stage()
  const log = filled('One', 'Two')
  const watch = watchLog({ log, mark, clock })
  await watch.mark(1)
  await watch.mark(2)
  expect(marked()?.position).toBe(1)
  clock.at = 1_000
  await watch.mark(2)
  expect(marked()?.position).toBe(2)
})

test('an older log is not marked over the newer one, also where the mark could not be read when it was looked for', async () => {
  const { clock, mark, filled, marked } = stage()
  await watchLog({ log: filled('One', 'Two', 'Three'), mark, clock }).mark(3)
  const older = watchLog({ log: filled('One', 'Two'), mark, clock })
  mark.away = true
  expect(await older.problem()).toBe('')
  mark.away = false
  await older.mark(2)
  expect(marked()?.position).toBe(3)
  clock.at = 1_000
  expect(await older.problem()).toContain('The event log went back')
})

test('that the log went back is not forgotten because the mark cannot be read for a moment', async () => {
  const { clock, mark, filled } = stage()
  await watchLog({ log: filled('One', 'Two', 'Three'), mark, clock }).mark(3)
  const older = watchLog({ log: filled('One', 'Two'), mark, clock })
  expect(await older.problem()).toContain('The event log went back')
  mark.away = true
  clock.at = 2_000
  expect(await older.problem()).toContain('The event log went back')
})

test('who does what cannot be taken back waits until the mark was read once', async () => {
  const { clock, mark, filled } = stage()
  const watch = watchLog({ log: filled('One'), mark, clock, onlyWhenKnown: true })
  mark.away = true
  expect(await watch.problem()).toMatch(/^Redis has not told so far .*\.$/)
  mark.away = false
  clock.at = 1_000
  expect(await watch.problem()).toBe('')
  mark.away = true
  clock.at = 2_000
  expect(await watch.problem()).toBe('')
})
