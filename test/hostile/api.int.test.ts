import { createApi } from '@pod-eip/api'
import { createTestDatabase } from '@pod-eip/devstack'
import { openEventLog } from '@pod-eip/event-log'
import { createPostgresReadModels } from '@pod-eip/read-models'
import { silentLogger, systemClock, systemRandom } from '@pod-eip/runtime'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostileText } from './hostile-text.ts'

let api: ReturnType<typeof createApi>
const cleanups: (() => Promise<void>)[] = []

beforeAll(async () => {
  const { url, schema, drop } = await createTestDatabase()
  const { log, pool, close } = await openEventLog({
    ...{ url, schema, clock: systemClock, random: systemRandom, logger: silentLogger },
    applicationName: 'test',
  })
  cleanups.push(close, drop)
  api = createApi({ log, readModels: createPostgresReadModels(pool, schema) })
})
afterAll(async () => {
  for (const cleanup of cleanups) await cleanup()
})

const text = hostileText().map((words) => encodeURIComponent(words.slice(0, 300).toWellFormed()))
const time = fc.constantFrom(
  '+275760-09-13',
  '-000001-01-01',
  '0000-01-01',
  '9999-12-31T23:59:59Z',
  '1e9',
  '2026',
)
const value = fc.oneof(
  text,
  time.map(encodeURIComponent),
  fc.constantFrom('999999999999999', '-1', '0', '%', '%ff', '%00'),
)
const path = fc.oneof(
  text.map((name) => `/api/${name}`),
  fc.tuple(text, text).map(([namespace, name]) => `/api/claims/${namespace}/${name}`),
  fc.tuple(text, text).map(([namespace, name]) => `/api/claims/${namespace}/${name}/events`),
  text.map((address) => `/api/addresses/${address}/holdings`),
  fc.constantFrom(
    '/api/claims',
    '/api/events',
    '/api/nodes',
    '/api/addresses/eip-1/holdings',
    '//',
    '/../etc/passwd',
  ),
)
const query = fc.dictionary(
  fc.constantFrom('after', 'limit', 'at', 'type', 'namespace', 'all', '__proto__'),
  value,
)

test('whatever is asked, the answer is JSON, and no failure of ours', async () => {
  await fc.assert(
    fc.asyncProperty(path, query, async (asked, parameters) => {
      const search = Object.entries(parameters).map(([name, given]) => `${name}=${given}`)
      const answer = await api.request(`${asked}?${search.join('&')}`)
      expect([200, 400, 404]).toContain(answer.status)
      expect(await answer.json()).toBeDefined()
    }),
    { numRuns: 500 },
  )
})
