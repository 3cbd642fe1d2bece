import { type Claim, describeClaim, formatDuration, phaseNotes, storySentence } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'
import { type ReadModels, toDomainEvent } from '@pod-eip/read-models'
import { claimName, parseCommand } from '../arguments.ts'
import type { Command } from '../command.ts'
import type { Memory } from '../memory.ts'
import { UsageError } from '../usage-error.ts'

const usage = 'CLAIM|EIP|ADDRESS [--json]'

/** A step of a claim's life. */
interface Line {
  position: number
  /** ISO 8601. */
  at: string
  /** Since the line before, in ms; `null` for the first. */
  afterMs: number | null
  /** Who says so. */
  who: string
  /** Position of the event that led to it; `null` when it came from outside. */
  becauseOf: number | null
  sentence: string
}

/** `eipctl explain`: a claim's story in sentences, and how it stands now: what it waits for, what to do. */
export const explain: Command = {
  name: 'explain',
  usage,
  summary: "a claim's story in sentences: what happened when, why, and what it waits for now",
  async run(argv, io) {
    const { values, positionals } = parseCommand(
      argv,
      { json: { type: 'boolean', default: false } },
      { min: 1, max: 1, usage: `explain ${usage}` },
    )
    const { log, readModels } = await io.open()
    const claim = await findClaim(readModels, positionals[0]!)
    const story = lines(await eventsOf(log, claim))
    const now = presentState(claim, io.now())
    if (values.json) {
      io.out(JSON.stringify({ claim: claim.key, story, now }, null, 2))
      return 0
    }
    io.out(`Claim ${claim.key}`)
    io.out('')
    for (const line of story) io.out(written(line))
    io.out('')
    io.out(`Now it is ${now.phase}, since ${now.since} (${formatDuration(now.forMs)}): ${now.means}.`)
    if (!now.ready) io.out(now.why)
    io.out(`Next: ${now.next}.`)
    return 0
  },
}

/** The claim that a name, an EIP or an address means; whoever names too little is told what there is. */
async function findClaim(readModels: ReadModels, name: string): Promise<Claim> {
  const exact = await readModels.claim(claimName(name))
  if (name.includes('/') && exact) return exact
  const address = await readModels.address(name)
  const owner = address && (await readModels.claim(address.claim))
  if (owner) return owner
  const named = name.includes('/')
    ? []
    : (await readModels.claims()).filter(({ key }) => key.slice(key.indexOf('/') + 1) === name)
  if (named.length > 1) {
    const keys = named.map(({ key }) => key)
    throw new UsageError(`${JSON.stringify(name)} is in several namespaces: say ${keys.join(' or ')}`)
  }
  if (named[0]) return named[0]
  throw new UsageError(`nothing is known of ${JSON.stringify(name)}; see eipctl claims --all`)
}

async function eventsOf(log: Memory['log'], claim: Claim): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = []
  for (;;) {
    const found = await log.readStream(`claim/${claim.key}`, { after: all.at(-1)?.version ?? 0, limit: 500 })
    if (found.length === 0) return all
    all.push(...found)
  }
}

function lines(events: RecordedEvent[]): Line[] {
  const told: Line[] = []
  let seen: Parameters<typeof storySentence>[1] = null
  for (const recorded of events) {
    const event = toDomainEvent(recorded)
    const sentence = storySentence(event, seen)
    if (event.type === 'PodObserved' || event.type === 'PodFoundAgain') seen = event
    if (sentence === null) continue
    const before = told.at(-1)
    told.push({
      position: event.position,
      at: event.occurredAt,
      afterMs: before ? Math.max(0, Date.parse(event.occurredAt) - Date.parse(before.at)) : null,
      who: recorded.actor,
      becauseOf: recorded.causationPosition,
      sentence,
    })
  }
  return told
}

function presentState(claim: Claim, now: number) {
  const ready = describeClaim(claim).status.conditions.find(({ type }) => type === 'Ready')!
  const { means, next } = phaseNotes[claim.phase]
  return {
    phase: claim.phase,
    since: claim.phaseSince,
    forMs: Math.max(0, now - Date.parse(claim.phaseSince)),
    means,
    next,
    ready: ready.status === 'True',
    reason: ready.reason,
    /** Why it is not ready, what it waits for and what to do. */
    why: ready.message,
    eip: claim.address?.id ?? null,
    publicIp: claim.address?.publicIp ?? null,
  }
}

function written({ position, at, afterMs, who, becauseOf, sentence }: Line): string {
  const after = afterMs === null ? '' : afterMs === 0 ? ', at once' : `, after ${duration(afterMs)}`
  const cause = becauseOf === null ? '' : `, because of ${becauseOf}`
  return `${position}. ${at}${after}: ${sentence} (${who}${cause})`
}

/** Short times to a tenth of a second: most of what happens takes that. */
function duration(ms: number): string {
  return ms < 60_000 ? `${(ms / 1000).toFixed(1).replace(/\.0$/, '')} s` : formatDuration(ms)
}
