import { newEvent, surveyStream, type UnclaimedAddress, unclaimedSentence } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'
import { toNewEvent, upToDate } from '@pod-eip/read-models'
import { parseBy, parseCommand, parseCount, wantsJson } from '../arguments.ts'
import type { Command, Io } from '../command.ts'
import { eventHead, eventRow } from '../event-line.ts'
import type { Memory } from '../memory.ts'
import { formatTable } from '../table.ts'

const usage = '[--confirm-gone] [--by NAME] [--wait SECONDS] [-o json]'
/** What a survey tells of single EIPs. */
const findings = ['AddressDrifted', 'OrphanFound']

/** `eipctl survey`: has a worker compare the cloud with the log now, and waits for what that finds. */
export const survey: Command = {
  name: 'survey',
  usage,
  summary: 'compares the cloud with the log now: EIPs that others changed, and those that no claim has',
  details: [
    '--confirm-gone   EIPs that the cloud does not show are gone, however many: you have looked',
    '--by NAME        who asks; default: the user of this shell',
    '--wait SECONDS   how long to wait for a worker to answer; default: 120',
    'Exit code 1 when something is not as the log has it, and when no worker has answered.',
  ],
  async run(argv, io) {
    const { values } = parseCommand(
      argv,
      {
        'confirm-gone': { type: 'boolean', default: false },
        by: { type: 'string' },
        wait: { type: 'string', default: '120' },
        output: { type: 'string', short: 'o' },
      },
      { min: 0, max: 0, usage: `survey ${usage}` },
    )
    const by = parseBy(values.by, io.user, 'who asks')
    const seconds = parseCount('wait', values.wait)
    const json = wantsJson(values.output)
    const memory = await io.open()
    const asked = await ask(memory, by, values['confirm-gone'], io)
    const answer = await answerTo(asked, memory, io, io.now() + seconds * 1000)
    if (!answer) {
      io.out(
        `Asked for as event ${asked}; no worker has answered within ${seconds} s. The next one that works does.`,
      )
      return 1
    }
    const found = (await memory.log.read({ after: asked, limit: 1000, types: findings })).map(upToDate)
    const those = found.filter(({ position }) => position < answer.position)
    if (json) io.out(JSON.stringify({ ...answer.data, found: those }, null, 2))
    else for (const line of report(answer, those)) io.out(line)
    const { drifted, orphans, leftAlone, unbelieved = 0 } = answer.data
    return Number(drifted) + Number(orphans) + Number(leftAlone) + Number(unbelieved) === 0 ? 0 : 1
  },
}

/** Records the wish. Returns its position. */
async function ask({ log }: Memory, by: string, confirmed: boolean, io: Io): Promise<number> {
  const occurredAt = new Date(io.now()).toISOString()
  const id = `${by} at ${occurredAt}`
  const origin = { occurredAt, actor: `operator:${by}`, correlationId: 'survey', causationPosition: null }
  const dedupeKey = `survey-requested/${id}`
  const recorded = await log.append([
    toNewEvent(newEvent('SurveyRequested', { survey: id, by, ...(confirmed && { goneConfirmed: true }) }), {
      ...origin,
      dedupeKey,
    }),
  ])
  return recorded.events[0]!.position
}

/** The answer to what was asked for at a position; `null` when none has come in time, or the user is tired of waiting. */
async function answerTo(
  asked: number,
  { log }: Memory,
  io: Io,
  until: number,
): Promise<RecordedEvent | null> {
  for (;;) {
    const head = await log.head()
    const events = await log.readStream(surveyStream, { backwards: true, limit: 100 })
    const answer = events.find(
      ({ type, causationPosition }) => type === 'SurveyCompleted' && causationPosition === asked,
    )
    if (answer || io.signal.aborted || io.now() >= until) return answer ? upToDate(answer) : null
    await log.waitForMore(head, io.signal)
  }
}

function* report({ data }: RecordedEvent, found: RecordedEvent[]): Generator<string> {
  yield `Compared: EIPs ${data.addresses}, claims that have one ${data.claims}.`
  yield `Not as the log has them: ${data.drifted}; in the hands of nobody: ${data.orphans}; left alone: ${data.leftAlone}.`
  if (found.length > 0) {
    yield ''
    yield formatTable(eventHead, found.map(eventRow))
  }
  if (Number(data.orphans) > 0) {
    yield 'Those in the hands of nobody are released once they have been seen so for as long as --orphan-grace says.'
  }
  if (Number(data.unbelieved ?? 0) > 0) {
    yield `The cloud does not show ${data.unbelieved} EIPs that claims have, too many at once to be believed: look in the console whether they are gone, and confirm it by "eipctl survey --confirm-gone".`
  }
  const unclaimed = (data.unclaimed ?? []) as unknown as UnclaimedAddress[]
  if (unclaimed.length > 0) {
    yield ''
    yield formatTable(['EIP', 'ADDRESS', 'STATE', 'WHAT-IT-IS'], unclaimed.map(unclaimedRow))
  }
  // Those that go back with this comparison have an event of their own above.
  const told = unclaimed.length + found.filter(({ type }) => type === 'OrphanFound').length
  const more = Number(data.orphans) + Number(data.leftAlone) - told
  if (more > 0) yield `... and ${more} more; those left alone are named in the log of the worker.`
}

function unclaimedRow(address: UnclaimedAddress): string[] {
  const state = address.state === 'Waiting' ? 'waiting' : 'left alone'
  return [address.addressId, address.publicIp, state, unclaimedSentence(address)]
}
