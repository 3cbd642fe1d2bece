import { beforeEach, describe, expect, test } from 'vitest'
import { runCli } from '../src/index.ts'
import { formatTable } from '../src/table.ts'
import { tellStory } from './testing/told-memory.ts'

let memory: Awaited<ReturnType<typeof tellStory>>
beforeEach(async () => {
  memory = await tellStory()
})

/** Runs a command line as a shell would; also says whether the memory was opened. */
async function eipctl(line: string, signal = AbortSignal.abort()) {
  const out: string[] = []
  const err: string[] = []
  let opened = false
  const code = await runCli(line.split(' ').filter(Boolean), {
    open: async () => {
      opened = true
      return { log: memory.log, readModels: memory.models, close: async () => {} }
    },
    environment: () => ({}),
    user: () => 'somebody',
    now: () => Date.parse('2026-01-01T01:00:00Z'),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    signal,
  })
  return { code, out: out.join('\n'), err: err.join('\n'), opened }
}

describe('claims', () => {
  test('a value with line ends and tabs stays in its row', () => {
    expect(formatTable(['WHO', 'WHAT'], [['operator:evil\nname', 'a\tb']])).toBe(
      'WHO                   WHAT\noperator:evil\\nname   a\\tb',
    )
  })

  test('the open ones as a table', async () => {
    const { code, out } = await eipctl('claims')
    expect(code).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "CLAIM         PHASE   EIP     ADDRESS       NODE   SINCE                      WHY
      games/web-0   Bound   eip-1   203.0.113.1   n1     2026-01-01T00:02:10.000Z"
    `)
  })

  test('released ones too', async () => {
    expect((await eipctl('claims --all')).out).toMatchInlineSnapshot(`
      "CLAIM         PHASE      EIP     ADDRESS       NODE   SINCE                      WHY
      default/bot   Released   -       -             -      2026-01-01T00:04:00.000Z
      games/web-0   Bound      eip-1   203.0.113.1   n1     2026-01-01T00:02:10.000Z"
    `)
  })

  test('one that is refused says why', async () => {
    await memory.refuse('default/bot')
    expect((await eipctl('claims -n default')).out).toMatch(
      /^default\/bot {3}Pending .* {3}Annotation eip-attributes is not JSON: "what\?"; write it like .*$/m,
    )
  })

  test('one whose Pod is not scheduled yet says that it waits for that', async () => {
    await memory.unscheduled('default/bot')
    expect((await eipctl('claims -n default')).out).toMatch(
      /^default\/bot {3}Allocated .* {3}EIP eip-1 \(203.0.113.1\) waits for the Pod to be scheduled; see .*\.$/m,
    )
  })

  test('none: says so', async () => {
    expect((await eipctl('claims -n nowhere')).out).toBe(
      'There is no open claim in namespace nowhere; --all shows released ones too.',
    )
  })

  test('of one namespace, whole, as JSON', async () => {
    const { out } = await eipctl('claims --all -n default -o json')
    expect(JSON.parse(out)).toEqual([await memory.models.claim('default/bot')])
  })
})

describe('who', () => {
  test('ever, by public address', async () => {
    const { code, out } = await eipctl('who 203.0.113.1')
    expect(code).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "ADDRESS       EIP     CLAIM         POD-UID   NODE   PRIVATE-IP   FROM                       TO
      203.0.113.1   eip-1   games/web-0   uid-1     n1     10.0.0.1     2026-01-01T00:00:10.000Z   2026-01-01T00:01:00.000Z
      203.0.113.1   eip-1   games/web-0   uid-2     n1     10.0.0.1     2026-01-01T00:02:10.000Z   now"
    `)
  })

  test.each([
    ['2026-01-01T00:00:30Z', ['uid-1']],
    ['2026-01-01T00:01:00Z', []],
    ['2026-01-01T08:02:30+08:00', ['uid-2']],
    ['2026-01-01T00:02:30', ['uid-2']],
    ['2026-01-01', []],
    ['2025-12-31', []],
  ])('at %s', async (at, uids) => {
    const { code, out } = await eipctl(`who eip-1 --at ${at} -o json`)
    expect((JSON.parse(out) as { podUid: string }[]).map((h) => h.podUid)).toEqual(uids)
    expect(code).toBe(uids.length === 0 ? 1 : 0)
  })

  test('nobody, in one sentence and exit code 1', async () => {
    expect(await eipctl('who 203.0.113.1 --at 2026-01-01T00:01:30Z')).toMatchObject({
      code: 1,
      out: 'Nobody held 203.0.113.1 at 2026-01-01T00:01:30.000Z as far as the log knows.',
    })
    expect(await eipctl('who 203.0.113.9')).toMatchObject({
      code: 1,
      out: 'Nobody held 203.0.113.9 as far as the log knows: no EIP of that id or public address is in it.',
    })
  })
})

describe('events', () => {
  test('of one claim; the namespace default may be left out', async () => {
    const { code, out } = await eipctl('events --claim bot')
    expect(code).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "POSITION   SEEN                       WHO         ABOUT         EVENT            DETAILS
      18         2026-01-01T00:03:00.000Z   watcher     default/bot   PodObserved      podUid=uid-3 request={attributes=what?} node=n1 privateIp=10.0.0.1
      19         2026-01-01T00:03:00.000Z   projector   default/bot   ClaimOpened      podUid=uid-3
      20         2026-01-01T00:03:00.000Z   projector   default/bot   RequestRefused   podUid=uid-3 reason=Invalid message="annotation eip-attributes is not JSON: \\"what?\\"; write it like {\\"Bandwidth\\":\\"100\\",\\"ISP\\":\\"BGP\\"}."
      21         2026-01-01T00:04:00.000Z   watcher     default/bot   PodEnded         podUid=uid-3 reason=Succeeded
      22         2026-01-01T00:04:00.000Z   projector   default/bot   ClaimClosed      cause=PodEnded"
    `)
  })

  test('of one type, as JSON lines', async () => {
    const { out } = await eipctl('events --type AddressBound -o json')
    expect(out.split('\n').map((line) => JSON.parse(line))).toEqual(
      memory.log.readNow({ after: 0, limit: 1000, types: ['AddressBound'] }),
    )
  })

  test('from a position on, so many', async () => {
    const { out } = await eipctl('events --after 3 --limit 2 -o json')
    expect(out.split('\n').map((line) => JSON.parse(line).position)).toEqual([4, 5])
  })

  test('none: only the head of the table', async () => {
    expect(await eipctl('events --type NodeRemoved')).toMatchObject({
      code: 0,
      out: 'POSITION   SEEN   WHO   ABOUT   EVENT   DETAILS',
    })
  })

  test('--follow tells what comes, until it is stopped', async () => {
    const stop = new AbortController()
    const head = memory.log.headNow()
    const following = eipctl(`events --follow --after ${head} -o json`, stop.signal)
    memory.log.appendNow([
      {
        stream: 'node/n2',
        type: 'NodeRemoved',
        schemaVersion: 1,
        occurredAt: '2026-01-01T00:05:00.000Z',
        actor: 'watcher',
        correlationId: 'story',
        causationPosition: null,
        data: { node: 'n2', nodeUid: 'nu2' },
      },
    ])
    stop.abort()
    const { code, out } = await following
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ position: head + 1 })
  })
})

describe('history', () => {
  test('of a claim: its events, then what it held', async () => {
    const { code, out } = await eipctl('history games/web-0')
    expect(code).toBe(0)
    expect(out).toMatchInlineSnapshot(`
      "POSITION   SEEN                       WHO         ABOUT         EVENT                 DETAILS
      2          2026-01-01T00:00:01.000Z   watcher     games/web-0   PodObserved           podUid=uid-1 request={attributes={} deletePolicy=Never} node=n1 privateIp=10.0.0.1
      3          2026-01-01T00:00:01.000Z   projector   games/web-0   ClaimOpened           podUid=uid-1
      4          2026-01-01T00:00:01.000Z   projector   games/web-0   RequestAccepted       podUid=uid-1 terms={source=auto attributes={internetServiceProvider=BGP internetChargeType=TRAFFIC_POSTPAID_BY_HOUR internetMaxBandwidthOut=100} static=true}
      5          2026-01-01T00:00:01.000Z   projector   games/web-0   AllocationDecided     allocationId=id-1 podUid=uid-1 attributes={internetServiceProvider=BGP internetChargeType=TRAFFIC_POSTPAID_BY_HOUR internetMaxBandwidthOut=100}
      6          2026-01-01T00:00:05.000Z   worker      games/web-0   AllocationCompleted   requestId=r-eip-1 allocationId=id-1 addresses=[{addressId=eip-1 publicIp=203.0.113.1}]
      7          2026-01-01T00:00:05.000Z   projector   games/web-0   BindingDecided        addressId=eip-1 publicIp=203.0.113.1 source=auto podUid=uid-1 node=n1 instanceId=ins-1 privateIp=10.0.0.1 firstBinding=true
      8          2026-01-01T00:00:10.000Z   worker      games/web-0   AddressBound          requestId=r-eip-1 addressId=eip-1 publicIp=203.0.113.1 podUid=uid-1 node=n1 privateIp=10.0.0.1 networkInterfaceId=eni-1
      9          2026-01-01T00:00:50.000Z   watcher     games/web-0   PodEnded              podUid=uid-1 reason=Deleted
      10         2026-01-01T00:00:50.000Z   projector   games/web-0   UnbindingDecided      addressId=eip-1 publicIp=203.0.113.1 source=auto podUid=uid-1 node=n1 privateIp=10.0.0.1 networkInterfaceId=eni-1 boundAt=2026-01-01T00:00:10.000Z cause=PodEnded
      11         2026-01-01T00:01:00.000Z   worker      games/web-0   AddressUnbound        requestId=r-eip-1 addressId=eip-1 node=n1
      12         2026-01-01T00:01:00.000Z   projector   games/web-0   ClaimRetained         addressId=eip-1 publicIp=203.0.113.1 source=auto
      13         2026-01-01T00:02:00.000Z   watcher     games/web-0   PodObserved           podUid=uid-2 request={attributes={} deletePolicy=Never} node=n1 privateIp=10.0.0.1
      14         2026-01-01T00:02:00.000Z   projector   games/web-0   RequestAccepted       podUid=uid-2 terms={source=auto attributes={internetServiceProvider=BGP internetChargeType=TRAFFIC_POSTPAID_BY_HOUR internetMaxBandwidthOut=100} static=true}
      15         2026-01-01T00:02:00.000Z   projector   games/web-0   ClaimResumed          addressId=eip-1 publicIp=203.0.113.1 podUid=uid-2
      16         2026-01-01T00:02:00.000Z   projector   games/web-0   BindingDecided        addressId=eip-1 publicIp=203.0.113.1 source=auto podUid=uid-2 node=n1 instanceId=ins-1 privateIp=10.0.0.1
      17         2026-01-01T00:02:10.000Z   worker      games/web-0   AddressBound          requestId=r-eip-1 addressId=eip-1 publicIp=203.0.113.1 podUid=uid-2 node=n1 privateIp=10.0.0.1 networkInterfaceId=eni-1

      ADDRESS       EIP     CLAIM         POD-UID   NODE   PRIVATE-IP   FROM                       TO
      203.0.113.1   eip-1   games/web-0   uid-1     n1     10.0.0.1     2026-01-01T00:00:10.000Z   2026-01-01T00:01:00.000Z
      203.0.113.1   eip-1   games/web-0   uid-2     n1     10.0.0.1     2026-01-01T00:02:10.000Z   now"
    `)
  })

  test('of an address: only what concerns it, and its holders', async () => {
    const { out } = await eipctl('history 203.0.113.1 -o json')
    const told = JSON.parse(out) as { events: { type: string }[]; holdings: { podUid: string }[] }
    expect(told.holdings.map((h) => h.podUid)).toEqual(['uid-1', 'uid-2'])
    expect(told.events.map((e) => e.type)).toEqual([
      'AllocationDecided',
      'AllocationCompleted',
      'BindingDecided',
      'AddressBound',
      'UnbindingDecided',
      'AddressUnbound',
      'ClaimRetained',
      'ClaimResumed',
      'BindingDecided',
      'AddressBound',
    ])
    expect(JSON.parse((await eipctl('history eip-1 -o json')).out)).toEqual(told)
  })

  test('of a claim that never held an address', async () => {
    expect((await eipctl('history bot')).out).toMatch(/\n\nIt was never bound\.$/)
  })
})

describe('replay', () => {
  test('identical: each read model by its hash, exit code 0', async () => {
    const { code, out } = await eipctl('replay')
    expect(code).toBe(0)
    const [chain, first, head, ...rows] = out.split('\n')
    expect(chain).toBe(
      `Every event is as it was written; the newest hash is ${memory.log.readNow({ after: 0, limit: 1000 }).at(-1)!.hash}.`,
    )
    expect(first).toBe(`Replayed ${memory.log.headNow()} events.`)
    expect(head!.split(/\s+/)).toEqual(['READ-MODEL', 'RECORDS', 'LIVE', 'REPLAYED', 'RESULT'])
    const cells = rows.map((row) => row.split(/\s+/))
    expect(cells.map((row) => [row[0], row[1], row[4]])).toEqual([
      ['claims', '2', 'identical'],
      ['nodes', '1', 'identical'],
      ['owners', '0', 'identical'],
      ['addresses', '1', 'identical'],
      ['listings', '0', 'identical'],
      ['intents', '4', 'identical'],
      ['holdings', '2', 'identical'],
      ['guards', '2', 'identical'],
      ['cluster', '0', 'identical'],
    ])
    for (const [, , live, replayed] of cells) {
      expect(live).toMatch(/^[0-9a-f]{16}$/)
      expect(replayed).toBe(live)
    }
  })

  test('a log that was tampered with: says which event, exit code 1', async () => {
    const read = memory.log.read
    memory.log.read = async (query) =>
      (await read(query)).map((event) =>
        event.position === 3 ? { ...event, actor: 'somebody else' } : event,
      )
    const { code, out } = await eipctl('replay')
    memory.log.read = read
    expect({ code, out }).toEqual({
      code: 1,
      out: 'Event 3 is changed: the log is not as it was written; restore it from a backup.',
    })
  })

  test('different: says which read model, exit code 1', async () => {
    const { world } = memory.models
    const node = world.nodes.get('n1')!
    world.nodes.set('n1', { ...node, limit: 99 })
    const { code, out } = await eipctl('replay')
    expect(code).toBe(1)
    expect(out.split('\n').filter((line) => line.endsWith('DIFFERENT'))).toMatchObject([
      expect.stringMatching(/^nodes /),
    ])
  })
})

describe('wrong usage is one sentence, exit code 2, and nothing is opened', () => {
  test.each([
    ['clams', 'eipctl: unknown command "clams"; see eipctl help'],
    ['who', 'eipctl: something is missing; usage: eipctl who ADDRESS [--at TIME] [-o json]'],
    ['who a b', 'eipctl: "b" is too much; usage: eipctl who ADDRESS [--at TIME] [-o json]'],
    [
      'who a --at 2026-02-01',
      'eipctl: --at is 2026-02-01T00:00:00.000Z, which is yet to come; give a time that has passed',
    ],
    ['who a --at noon', 'eipctl: --at is "noon"; give a time such as 2026-01-31T12:00:00Z'],
    [
      'claims --every',
      "eipctl: Unknown option '--every'; usage: eipctl claims [--all] [-n NAMESPACE] [-o json]",
    ],
    ['claims -o yaml', 'eipctl: -o is "yaml"; the only format besides the table is json'],
    ['events --limit few', 'eipctl: --limit is "few"; give a whole number'],
    [
      'events --limit',
      "eipctl: Option '--limit <value>' argument missing; usage: eipctl events [--claim CLAIM] [--type TYPE] [--after POSITION] [--limit N] [--follow] [-o json]",
    ],
    [
      'events --after -1',
      "eipctl: Option '--after' argument is ambiguous; usage: eipctl events [--claim CLAIM] [--type TYPE] [--after POSITION] [--limit N] [--follow] [-o json]",
    ],
    ['replay now', 'eipctl: "now" is too much; usage: eipctl replay'],
    [
      'events --type bound',
      'eipctl: --type is "bound", and there is no such event; there is AddressBound, AddressUnbound',
    ],
    [
      'events --type Nothing',
      'eipctl: --type is "Nothing", and there is no such event; eipctl events shows those that there are',
    ],
    [
      'guard confirm',
      'eipctl: say confirm or deny, and of which guard; usage: eipctl guard [confirm|deny absence|releases [--by NAME]] [-o json]',
    ],
  ])('%s', async (line, sentence) => {
    const { code, out, err, opened } = await eipctl(line)
    expect({ code, out, opened }).toEqual({ code: 2, out: '', opened: false })
    expect(err).toBe(sentence)
  })

  test.each([
    ['history nobody', '"nobody"'],
    ['explain nobody', '"nobody"'],
    ['events --claim nobody', 'claim "default/nobody"'],
  ])('%s: a name that nobody knows', async (line, name) => {
    expect(await eipctl(line)).toMatchObject({
      code: 2,
      out: '',
      err: `eipctl: nothing is known of ${name}; see eipctl claims --all`,
    })
  })
})

describe('help', () => {
  test('names every command; asked for it is no error, instead of a command it is', async () => {
    const { code, out } = await eipctl('help')
    expect(code).toBe(0)
    for (const name of ['claims', 'events', 'history', 'who', 'replay'])
      expect(out).toContain(`eipctl ${name}`)
    expect((await eipctl('')).code).toBe(2)
  })

  test('of one command', async () => {
    expect(await eipctl('who --help')).toMatchObject({
      code: 0,
      opened: false,
      out: expect.stringMatching(/^usage: eipctl who ADDRESS \[--at TIME\] \[-o json\]\n\n/),
    })
  })
})
