import { expect, test } from 'vitest'
import { runCli } from '../src/index.ts'
import { createStage } from './testing/stage.ts'

/** ns/a and then ns/b take eip-7777; neither Pod is ever placed on a node, so it is never bound. */
async function takenTwice() {
  const stage = createStage()
  const { happen, pod, cloudDoes } = stage
  const asked = { request: { idList: 'eip-7777' }, node: null, privateIp: null }
  await happen('00:01', 'watcher', 'PodObserved', pod('ns/a', 'uid-a', asked))
  await cloudDoes('00:02', 'ns/a')
  await happen('00:10', 'watcher', 'PodEnded', { claim: 'ns/a', podUid: 'uid-a', reason: 'Deleted' })
  await happen('00:20', 'watcher', 'PodObserved', pod('ns/b', 'uid-b', asked))
  await cloudDoes('00:22', 'ns/b')
  return stage
}

async function eipctl({ log, models }: Awaited<ReturnType<typeof takenTwice>>, ...argv: string[]) {
  const out: string[] = []
  const code = await runCli(argv, {
    open: async () => ({ log, readModels: models, close: async () => {} }),
    environment: () => ({}),
    user: () => 'somebody',
    now: () => Date.parse('2026-01-01T01:00:00Z'),
    out: (text) => void out.push(text),
    err: (text) => void out.push(text),
    signal: AbortSignal.abort(),
  })
  return { code, out: out.join('\n') }
}

test.each(['eip-7777', '198.51.100.1'])(
  'history of %s, which was never bound: who took it, and when it was given back',
  async (name) => {
    const { code, out } = await eipctl(await takenTwice(), 'history', name)
    expect(code).toBe(0)
    expect(out.slice(out.indexOf('TAKEN-BY'))).toMatchInlineSnapshot(`
    "TAKEN-BY   EIP        ADDRESS        FROM                       TO                         GIVEN-BACK-BECAUSE
    ns/a       eip-7777   198.51.100.1   2026-01-01T00:00:02.000Z   2026-01-01T00:00:10.000Z   its Pod has ended
    ns/b       eip-7777   198.51.100.1   2026-01-01T00:00:22.000Z   now

    No Pod ever held it."
  `)
    for (const type of ['LookupDecided', 'ListedAddressChosen', 'ListedAddressGivenBack'])
      expect(out).toContain(` ${type} `)
  },
)

test('its takings are in the JSON', async () => {
  const { out } = await eipctl(await takenTwice(), 'history', 'eip-7777', '-o', 'json')
  expect(JSON.parse(out).takings.map(({ claim }: { claim: string }) => claim)).toEqual(['ns/a', 'ns/b'])
})

test('who: nobody held it, but a claim has it', async () => {
  expect(await eipctl(await takenTwice(), 'who', 'eip-7777')).toEqual({
    code: 1,
    out: 'Nobody held eip-7777 as far as the log knows; claim ns/b has it now, see eipctl explain ns/b.',
  })
})
