import type { RecordedEvent } from '@pod-eip/event-log'
import { expect, test } from 'vitest'
import { claimName, parseTime } from './arguments.ts'
import { runCli } from './cli.ts'
import { eventDetails } from './event-line.ts'

async function run(...argv: string[]) {
  const printed = { out: [] as string[], err: [] as string[] }
  const code = await runCli(argv, {
    open: () => Promise.reject(new Error('a wrong command line opens nothing')),
    environment: () => ({}),
    user: () => 'somebody',
    now: () => Date.parse('2026-01-01T01:00:00Z'),
    out: (line) => void printed.out.push(line),
    err: (line) => void printed.err.push(line),
    signal: new AbortController().signal,
  })
  return { code, out: printed.out.join('\n'), err: printed.err.join('\n') }
}

test.each([
  [['frobnicate'], 'unknown command "frobnicate"; see eipctl help'],
  [['claims', '--frob'], "Unknown option '--frob'; usage: eipctl claims"],
  [['claims', '-o', 'xml'], '-o is "xml"; the only format besides the table is json'],
  [['events', '--after', 'x'], '--after is "x"; give a whole number'],
  [['who'], 'something is missing; usage: eipctl who ADDRESS'],
  [['who', ''], 'a name is empty; usage: eipctl who ADDRESS'],
  [['who', '1.2.3.4', '--at', '2026-02-31'], '--at is "2026-02-31"; give a time such as'],
  [['guard', 'confirm', 'absence', '--by', ''], '--by is empty; give the name of who says so'],
  [['recover', '--cluster', 'c', '--by', ''], '--by is empty; give the name of who says so'],
  [
    ['guard', 'confirm', 'absence', '--by', 'evil\nname'],
    '--by is "evil\\nname"; give a name of at most 100',
  ],
  [['survey', '--by', 'a\u0007'], '--by is "a\\u0007"; give a name of at most 100'],
  [['recover', '--by', 'a\tb'], '--by is "a\\tb"; give a name of at most 100'],
  [['teardown', '--cluster', 'c', '--by', 'a\u202eb'], '--by is "a'],
  [['teardown', '--cluster', 'c', '--by', 'x'.repeat(101)], '--by is "xxx'],
  [['survey', '--by', ' '], '--by is empty; give the name of who asks'],
  [['teardown'], 'name the cluster; usage: eipctl teardown --cluster ID'],
  [['teardown', '--cluster', 'c', '--yes', '--cancel'], '--yes and --cancel are the opposite of each other'],
  [['teardown', '--cluster', 'c', '--by', ''], '--by is empty; give the name of who says so'],
  [['who', '1.2.3.4', '--at', 'yesterday'], '--at is "yesterday"; give a time such as'],
])('%j is one sentence and exit code 2', async (argv, sentence) => {
  const { code, out, err } = await run(...argv)
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(`eipctl: ${sentence}`)
  expect(err).not.toContain('\n')
})

test('the overview fits a terminal of 100 columns', async () => {
  const { out } = await run('help')
  expect(out.split('\n').filter((line) => line.length > 100)).toEqual([])
  for (const name of ['claims', 'events', 'history', 'who', 'replay']) expect(out).toContain(`eipctl ${name}`)
})

test('a time without a zone is UTC', () => {
  expect(parseTime('at', '2026-01-31 12:00')).toBe('2026-01-31T12:00:00.000Z')
  expect(parseTime('at', '2026-01-31T12:00:00+08:00')).toBe('2026-01-31T04:00:00.000Z')
  expect(parseTime('at', '2026-01-31')).toBe('2026-01-31T00:00:00.000Z')
})

test('a claim without a namespace is in default', () => {
  expect(claimName('game-0')).toBe('default/game-0')
  expect(claimName('games/game-0')).toBe('games/game-0')
})

test('details are flat, and UUIDs short', () => {
  const data = {
    podUid: '42b1985b-9566-4930-8ca1-4fefbb243c2f',
    claim: 'default/game-0',
    terms: { source: 'auto', static: true },
    addresses: [{ addressId: 'eip-1' }],
    reason: 'the node has no slot',
    node: null,
  }
  expect(eventDetails({ data } as unknown as RecordedEvent)).toBe(
    'podUid=42b1985b terms={source=auto static=true} addresses=[{addressId=eip-1}] reason="the node has no slot"',
  )
})
