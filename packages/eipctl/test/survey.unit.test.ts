import { type EventData, newEvent } from '@pod-eip/domain'
import { toNewEvent } from '@pod-eip/read-models'
import { beforeEach, expect, test } from 'vitest'
import { runCli } from '../src/index.ts'
import { tellStory } from './testing/told-memory.ts'

const clean = { claims: 1, addresses: 1, drifted: 0, orphans: 0, leftAlone: 0 }

let memory: Awaited<ReturnType<typeof tellStory>>
let now: number
beforeEach(async () => {
  memory = await tellStory()
  now = Date.parse('2026-01-01T00:10:00Z')
})

/** @param work what a worker does while eipctl waits; `null`: there is none */
async function eipctl(line: string, work: ((asked: number) => Promise<void>) | null) {
  const out: string[] = []
  const err: string[] = []
  const { log } = memory
  const waitForMore = async (position: number) => {
    if (work) await work(position)
    now += 60_000
  }
  const code = await runCli(line.split(' '), {
    open: async () => ({
      log: { ...bound(log), waitForMore },
      readModels: memory.models,
      close: async () => {},
    }),
    environment: () => ({}),
    user: () => 'alice',
    now: () => now,
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    signal: new AbortController().signal,
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

function bound(log: typeof memory.log) {
  return {
    append: log.append.bind(log),
    read: log.read.bind(log),
    readStream: log.readStream.bind(log),
    head: log.head.bind(log),
  }
}

/** A worker that finds so much. */
const finds = (findings: Omit<EventData['SurveyCompleted'], 'survey'>) => async (asked: number) => {
  const [request] = await memory.log.read({ after: asked - 1, limit: 1 })
  const origin = { actor: 'worker', correlationId: 'survey', occurredAt: new Date(now).toISOString() }
  const events = [newEvent('SurveyCompleted', { survey: String(request!.data.survey), ...findings })]
  await memory.log.append(events.map((event) => toNewEvent(event, { ...origin, causationPosition: asked })))
}

test('asks in the log, waits for a worker, and tells what it found', async () => {
  expect(await eipctl('survey', finds(clean))).toEqual({
    code: 0,
    out: 'Compared: EIPs 1, claims that have one 1.\nNot as the log has them: 0; in the hands of nobody: 0; left alone: 0.',
    err: '',
  })
  const [request] = (await memory.log.read({ after: 0, limit: 1000, types: ['SurveyRequested'] })).slice(-1)
  expect(request).toMatchObject({ actor: 'operator:alice', stream: 'cluster/survey', data: { by: 'alice' } })
})

test('has exit code 1 when something is not as it should be', async () => {
  const { code, out } = await eipctl('survey --by bob', finds({ ...clean, orphans: 2, leftAlone: 1 }))
  expect(code).toBe(1)
  expect(out).toContain('in the hands of nobody: 2; left alone: 1.')
  expect(out).toContain('--orphan-grace')
  expect(JSON.parse((await eipctl('survey -o json', finds(clean))).out)).toMatchObject({
    ...clean,
    found: [],
  })
})

test('lists what no claim has, one by one, and says how many more there are', async () => {
  const unclaimed = [
    {
      ...{ addressId: 'eip-1', publicIp: '1.1.1.1', allocationId: 'a-1', claim: 'default/web-0' },
      ...{ state: 'Bound' as const, boundTo: '10.0.0.2, eni-1', since: '', until: '' },
    },
    {
      ...{ addressId: 'eip-2', publicIp: '1.1.1.2', allocationId: 'a-9', claim: '' },
      ...{ state: 'UnknownAllocation' as const, boundTo: '', since: '', until: '' },
    },
  ]
  const { out } = await eipctl('survey', finds({ ...clean, leftAlone: 3, unclaimed }))
  expect(out).toMatch(
    /eip-1 +1\.1\.1\.1 +left alone +allocated for default\/web-0, .* bound to 10\.0\.0\.2, eni-1;/,
  )
  expect(out).toMatch(/eip-2 +1\.1\.1\.2 +left alone +of allocation a-9, which the log does not know;/)
  expect(out).toContain('... and 1 more;')
  const json = await eipctl('survey -o json', finds({ ...clean, leftAlone: 2, unclaimed }))
  expect(JSON.parse(json.out).unclaimed).toEqual(unclaimed)
})

test('tells of EIPs that are not believed to be gone, and records who confirms it', async () => {
  const { code, out } = await eipctl('survey', finds({ ...clean, unbelieved: 12 }))
  expect(code).toBe(1)
  expect(out).toMatch(/does not show 12 EIPs that claims have, .*"eipctl survey --confirm-gone"\.$/)
  expect(await eipctl('survey --confirm-gone', finds(clean))).toMatchObject({ code: 0 })
  const requests = await memory.log.read({ after: 0, limit: 1000, types: ['SurveyRequested'] })
  expect(requests.slice(-2).map(({ data }) => data.goneConfirmed)).toEqual([undefined, true])
})

test('says that no worker has answered', async () => {
  expect(await eipctl('survey --wait 60', null)).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^Asked for as event \d+; no worker has answered within 60 s\./),
  })
  expect(await eipctl('survey --wait soon', null)).toMatchObject({ code: 2 })
})
