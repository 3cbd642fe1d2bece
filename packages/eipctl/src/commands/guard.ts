import { type Guard, type GuardName, guardNames, type NewDomainEvent, newEvent } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import { type ReadModels, toNewEvent } from '@pod-eip/read-models'
import { parseBy, parseCommand, wantsJson } from '../arguments.ts'
import type { Command, Io } from '../command.ts'
import { formatTable } from '../table.ts'
import { UsageError } from '../usage-error.ts'

const usage = '[confirm|deny absence|releases [--by NAME]] [-o json]'
/** Held claims that are shown; `-o json` has all. */
const mostShown = 20

/**
 * `eipctl guard`: what may be given back at once, and what is held because it was more. `confirm` and `deny` record
 * an operator's word about what is held now.
 */
export const guard: Command = {
  name: 'guard',
  usage,
  summary: 'what the guard holds; confirm lets it go, deny says that the Pods live',
  details: [
    '--by NAME   who says so; default: the user of this shell',
    'Exit code 1 when nothing is held, so that there is nothing to confirm or deny.',
  ],
  async run(argv, io) {
    const { values, positionals } = parseCommand(
      argv,
      { by: { type: 'string' }, output: { type: 'string', short: 'o' } },
      { min: 0, max: 2, usage: `guard ${usage}` },
    )
    const json = wantsJson(values.output)
    const [verb, name] = positionals
    if (verb === undefined) return show(io, json)
    if ((verb !== 'confirm' && verb !== 'deny') || !isGuard(name)) {
      throw new UsageError(`say confirm or deny, and of which guard; usage: eipctl guard ${usage}`)
    }
    if (verb === 'deny' && name === 'releases') {
      throw new UsageError(
        'what the guard releases holds has ended for good, so there is nothing to deny; leave it held, or confirm',
      )
    }
    return answer(io, verb, name, parseBy(values.by, io.user, 'who says so'))
  },
}

function isGuard(name: string | undefined): name is GuardName {
  return guardNames.includes(name as GuardName)
}

async function show(io: Io, json: boolean): Promise<number> {
  const { readModels } = await io.open()
  const guards = await Promise.all(guardNames.map((name) => readModels.guard(name)))
  if (json) {
    io.out(JSON.stringify(guards, null, 2))
    return 0
  }
  io.out(
    formatTable(
      ['GUARD', 'STATE', 'SINCE', 'AT-ONCE', 'LIVE-PODS', 'HELD', 'LAST-WORD'],
      guards.map(guardRow),
    ),
  )
  for (const { name, held } of guards.filter((g) => g.held.length > 0)) {
    io.out('')
    io.out(await heldClaims(readModels, held))
    if (held.length > mostShown) io.out(`... and ${held.length - mostShown} more; -o json has them all.`)
    io.out('')
    io.out(todo(name))
  }
  return 0
}

function guardRow({ name, closed, held, livePods, word }: Guard): string[] {
  return [
    name,
    closed ? 'closed' : 'open',
    closed?.since ?? '-',
    String(closed?.count ?? '-'),
    String(closed?.livePods ?? livePods),
    String(held.length),
    word ? `${word.kind} by ${word.by} at ${word.at}` : '-',
  ]
}

async function heldClaims(readModels: ReadModels, held: Guard['held']): Promise<string> {
  const rows = await Promise.all(
    held.slice(0, mostShown).map(async ({ claim }) => {
      const state = await readModels.claim(claim)
      const { address, pod, hold } = state ?? {}
      return [claim, address?.id ?? '-', address?.publicIp ?? '-', pod?.node ?? '-', hold?.since ?? '-']
    }),
  )
  return formatTable(['HELD', 'EIP', 'ADDRESS', 'NODE', 'SINCE'], rows)
}

function todo(name: GuardName): string {
  switch (name) {
    case 'absence':
      return 'A complete list of Pods lacked these. Look whether they live: "eipctl guard confirm absence" gives their EIPs back as usual, "eipctl guard deny absence" leaves them where they are.'
    case 'releases':
      return 'These were to be released when the limit was reached: "eipctl guard confirm releases" lets them go.'
  }
}

/** Records the word about everything that is held now. Exit code 1 when nothing is. */
async function answer(io: Io, verb: 'confirm' | 'deny', name: GuardName, by: string): Promise<number> {
  const { log, readModels } = await io.open()
  const upTo = await readModels.position()
  const { held } = await readModels.guard(name)
  if (held.length === 0) {
    io.out(`Guard ${name} holds nothing.`)
    return 1
  }
  const event = newEvent(verb === 'confirm' ? 'GuardConfirmed' : 'GuardDenied', { guard: name, upTo, by })
  const recorded = await log.append([wordEvent(event, io)])
  const { position, isNew } = recorded.events[0]!
  if (!isNew) {
    io.out(`Somebody has answered already: see event ${position}.`)
    return 1
  }
  const meaning = verb === 'confirm' ? 'that now give their EIPs back' : 'whose Pods count as alive again'
  io.out(`Recorded as event ${position}; held claims ${meaning}: ${held.length}.`)
  return 0
}

function wordEvent(event: NewDomainEvent<'GuardConfirmed' | 'GuardDenied'>, io: Io): NewEvent {
  const { guard: name, upTo, by } = event.data
  return toNewEvent(event, {
    // One word about the same things: whoever comes second is told so.
    dedupeKey: `guard-word/${name}/${upTo}`,
    occurredAt: new Date(io.now()).toISOString(),
    actor: `operator:${by}`,
    correlationId: `guard/${name}`,
    causationPosition: upTo,
  })
}
