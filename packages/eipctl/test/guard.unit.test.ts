import { beforeEach, expect, test } from 'vitest'
import { runCli } from '../src/index.ts'
import { tellStory } from './testing/told-memory.ts'

let memory: Awaited<ReturnType<typeof tellStory>>
beforeEach(async () => {
  memory = await tellStory()
})

async function eipctl(line: string) {
  const out: string[] = []
  const err: string[] = []
  const code = await runCli(line.split(' '), {
    open: async () => ({ log: memory.log, readModels: memory.models, close: async () => {} }),
    environment: () => ({}),
    user: () => 'alice',
    now: () => Date.parse('2026-01-01T00:10:00Z'),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    signal: AbortSignal.abort(),
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

test('an open guard holds nothing, and there is nothing to answer', async () => {
  expect((await eipctl('guard')).out).toMatchInlineSnapshot(`
    "GUARD      STATE   SINCE   AT-ONCE   LIVE-PODS   HELD   LAST-WORD
    absence    open    -       -         1           0      -
    releases   open    -       -         1           0      -"
  `)
  expect(await eipctl('guard confirm absence')).toEqual({
    code: 1,
    out: 'Guard absence holds nothing.',
    err: '',
  })
})

test('a closed one shows why, what it holds and what to do', async () => {
  await memory.missMany()
  const { code, out } = await eipctl('guard')
  expect(code).toBe(0)
  expect(out).toMatchInlineSnapshot(`
    "GUARD      STATE    SINCE                      AT-ONCE   LIVE-PODS   HELD   LAST-WORD
    absence    closed   2026-01-01T00:06:00.000Z   11        1           1      -
    releases   open     -                          -         1           0      -

    HELD              EIP   ADDRESS   NODE   SINCE
    default/lost-10   -     -         n1     2026-01-01T00:06:00.000Z

    A complete list of Pods lacked these. Look whether they live: "eipctl guard confirm absence" gives their EIPs back as usual, "eipctl guard deny absence" leaves them where they are."
  `)
  const [absence] = JSON.parse((await eipctl('guard -o json')).out)
  expect(absence.held).toHaveLength(1)
  expect((await eipctl('claims')).out).toContain('run "eipctl guard confirm absence"')
})

test('the word of an operator is recorded once, with who and when, and what is held goes on', async () => {
  await memory.missMany()
  expect((await eipctl('guard confirm absence')).out).toMatch(
    /^Recorded as event \d+; held claims that now give their EIPs back: 1\.$/,
  )
  expect((await eipctl('guard deny absence --by bob')).out).toMatch(/^Somebody has answered already/)
  const [word] = memory.log.readNow({ after: 0, limit: 1000, types: ['GuardConfirmed', 'GuardDenied'] })
  expect(word).toMatchObject({
    ...{ type: 'GuardConfirmed', actor: 'operator:alice', occurredAt: '2026-01-01T00:10:00.000Z' },
    ...{ stream: 'guard/absence', data: { guard: 'absence', by: 'alice' } },
  })
  await memory.project()
  const { out } = await eipctl('guard')
  expect(out).toContain('confirmed by alice at 2026-01-01T00:10:00.000Z')
  expect(out).toContain('open')
})

test('denied, the Pods count as alive', async () => {
  await memory.missMany()
  expect((await eipctl('guard deny absence')).code).toBe(0)
  await memory.project()
  const lost = await memory.models.claims({ live: true })
  expect(lost.filter((claim) => claim.pod?.ended === null && claim.key.includes('lost'))).toHaveLength(1)
})

test.each([
  ['guard confirm', 'usage: eipctl guard'],
  ['guard confirm everything', 'usage: eipctl guard'],
  ['guard open absence', 'usage: eipctl guard'],
  ['guard deny releases', 'has ended for good, so there is nothing to deny'],
])('%s is refused in one sentence', async (line, why) => {
  const { code, err } = await eipctl(line)
  expect(code).toBe(2)
  expect(err).toContain(why)
})
