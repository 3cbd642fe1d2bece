import { type EventData, type EventType, type NewDomainEvent, newEvent } from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { runCli } from '@pod-eip/eipctl'
import { createMemoryEventLog } from '@pod-eip/event-log'
import {
  createMemoryModels,
  createMemoryProjectionStore,
  projectorCheckpoint,
  toNewEvent,
} from '@pod-eip/read-models'
import { seededIds, seededRandom } from '@pod-eip/runtime'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { hostileText, hostileTexts, unprintable } from './hostile-text.ts'

const clock = createVirtualClock(Date.parse('2026-01-01T00:00:00Z'))
const log = createMemoryEventLog({ clock })
const models = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position)
const store = createMemoryProjectionStore(log, models.world)
const ids = seededIds(seededRandom(1))

/** It is in the log, and what follows is decided. */
async function happen<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
  await clock.runUntil(clock.now() + 1_000)
  const occurredAt = new Date(clock.now()).toISOString()
  const event = newEvent(type, data) as NewDomainEvent
  const about = { occurredAt, actor: 'test', correlationId: 'story', causationPosition: null }
  log.appendNow([toNewEvent(event, about)])
  const settings = { claimExpiredMs: null, cascade: false }
  await store.advance(
    { maxEvents: 100, maxClaims: 100 },
    { now: occurredAt, nextId: () => ids.next(), settings },
  )
}

/** Pods whose annotations are hostile texts, one each, and what the cloud said in words of its own. */
beforeAll(async () => {
  const texts = Object.values(hostileTexts).map((text) => text.slice(0, 300))
  for (const [at, text] of texts.entries()) {
    const request = { attributes: text, deletePolicy: text, idList: text, claimExpiredDuration: text }
    await happen('PodObserved', podObserved({ claim: `games/web-${at}`, podUid: `uid-${at}`, request }))
  }
  await happen('PodObserved', podObserved({ claim: 'games/asks', podUid: 'uid-asks' }))
  const { intent } = models.world.claims.get('games/asks')!
  await happen('AllocationFailed', {
    ...{ claim: 'games/asks', generation: 1, intentId: intent!.id, code: 'InvalidParameter' },
    message: hostileTexts['control characters'],
    requestId: hostileTexts['a title for the terminal'],
  })
})

async function run(...argv: string[]): Promise<{ code: number; printed: string }> {
  const lines: string[] = []
  const code = await runCli(argv, {
    open: async () => ({ log, readModels: models, close: async () => {} }),
    environment: () => ({}),
    user: () => 'me',
    now: () => clock.now(),
    out: (line) => void lines.push(line),
    err: (line) => void lines.push(line),
    signal: new AbortController().signal,
  })
  // Line ends and tabs may stand in what is printed.
  return { code, printed: lines.join('\n').replaceAll(/[\n\t]/g, '') }
}

test.each([
  ['events'],
  ['events', '-o', 'json'],
  ['claims'],
  ['claims', '-o', 'json'],
  ['history', 'games/web-6'],
  ['explain', 'games/web-6'],
  ['explain', 'games/asks'],
])('eipctl %s %s %s prints nothing that a terminal would act on', async (...argv) => {
  const { code, printed } = await run(...argv.filter((argument) => argument !== undefined))
  expect(code).toBe(0)
  expect(printed.length).toBeGreaterThan(20)
  expect(printed).not.toMatch(unprintable)
})

test('JSON says the same after that', async () => {
  const lines: string[] = []
  await runCli(['events', '-o', 'json'], {
    open: async () => ({ log, readModels: models, close: async () => {} }),
    ...{
      environment: () => ({}),
      user: () => 'me',
      now: () => clock.now(),
      signal: new AbortController().signal,
    },
    out: (line) => void lines.push(line),
    err: () => {},
  })
  expect(lines.join('\n')).toContain('\\u202e')
  const texts = JSON.stringify(lines.flatMap((line) => JSON.parse(line)))
  expect(texts).toContain(JSON.stringify(hostileTexts['bidi characters']).slice(1, -1))
})

const verbs = ['claims', 'events', 'history', 'explain', 'who', 'guard']
const flags = [
  '--at',
  '--since',
  '--until',
  '-o',
  '--claim',
  '--namespace',
  '--limit',
  '--type',
  '--after',
  '--all',
  '--',
]

test('arguments of any kind end in an answer or in one line of usage', async () => {
  const argument = fc.oneof(
    fc.constantFrom(...flags),
    hostileText().map((text) => text.slice(0, 200)),
    fc.string(),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...verbs), fc.array(argument, { maxLength: 5 }), async (verb, rest) => {
      fc.pre(!rest.includes('-f') && !rest.includes('--follow'))
      const { code, printed } = await run(verb, ...rest)
      expect([0, 1, 2]).toContain(code)
      expect(printed).not.toMatch(unprintable)
    }),
    { numRuns: 400 },
  )
})
