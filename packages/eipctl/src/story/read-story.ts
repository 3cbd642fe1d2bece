import { type Claim, type DomainEvent, emptyClaim, evolveClaim, isNews, storySentence } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'
import { toDomainEvent, upToDate } from '@pod-eip/read-models'
import type { Memory } from '../memory.ts'
import { type Line, type Step, timed } from './timed-lines.ts'

type Sources = Pick<Memory, 'log' | 'readModels'>

/**
 * A claim's life in sentences, in the order of the log: what is in its stream, the ends of the workloads that it
 * belonged to, and whatever else is named as a cause.
 */
export async function readStory(key: string, sources: Sources): Promise<Line[]> {
  const own = await streamOf(`claim/${key}`, sources.log)
  const related = [...(await ownersEnds(own, sources.log)), ...(await foreignCauses(own, sources.log))]
  const unique = new Map([...own, ...related].map((event) => [event.position, event]))
  const all = [...unique.values()].sort((a, b) => a.position - b.position)
  const cited = new Set(own.map(({ causationPosition }) => causationPosition))
  const company = await companyOf(own, sources.readModels)
  const steps: Step[] = []
  let claim = emptyClaim(key)
  for (const recorded of all) {
    const event = toDomainEvent(recorded)
    const foreign = recorded.stream !== `claim/${key}`
    if (foreign || isNews(event, claim) || cited.has(recorded.position)) {
      const before = foreign ? emptyClaim('') : claim
      const sentence = storySentence(event, { before, company: company(event) })
      steps.push({ recorded, sentence: `${elsewhere(recorded, foreign)}${sentence}`, foreign })
    }
    if (!foreign) claim = evolveClaim(claim, event)
  }
  return timed(steps)
}

function elsewhere({ stream }: RecordedEvent, foreign: boolean): string {
  return foreign && stream.startsWith('claim/') ? `Elsewhere, claim ${stream.slice('claim/'.length)}: ` : ''
}

async function streamOf(stream: string, log: Sources['log']): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = []
  for (;;) {
    const found = await log.readStream(stream, { after: all.at(-1)?.version ?? 0, limit: 500 })
    if (found.length === 0) return all
    all.push(...found.map(upToDate))
  }
}

/** The ends of all workloads that the claim ever belonged to. */
async function ownersEnds(own: RecordedEvent[], log: Sources['log']): Promise<RecordedEvent[]> {
  const owners = own.map(({ data }) => (data as { owner?: Claim['owner'] }).owner?.uid)
  const uids = new Set(owners.filter((uid) => uid !== undefined))
  const found = await Promise.all([...uids].map((uid) => log.readStream(`owner/${uid}`, { limit: 1 })))
  return found.flat()
}

/** What is named as a cause and is about something else, such as the claim that freed a slot. */
async function foreignCauses(own: RecordedEvent[], log: Sources['log']): Promise<RecordedEvent[]> {
  const mine = new Set(own.map(({ position }) => position))
  const foreign = new Set<number>()
  for (const { causationPosition: cause } of own) if (cause !== null && !mine.has(cause)) foreign.add(cause)
  const found: RecordedEvent[] = []
  // One after the other: there are few, and the pool is small.
  for (const position of foreign) found.push(...(await log.read({ after: position - 1, limit: 1 })))
  return found
}

/** How many other claims share the call that an event orders. */
async function companyOf(own: RecordedEvent[], readModels: Sources['readModels']) {
  const counts = new Map<string, number>()
  for (const { type, data } of own) {
    if (type !== 'AllocationDecided') continue
    const id = String(data.intentId)
    const intent = await readModels.intent(id)
    counts.set(id, (intent?.members.length ?? 1) - 1)
  }
  return (event: DomainEvent): number =>
    event.type === 'AllocationDecided' ? (counts.get(event.data.intentId) ?? 0) : 0
}
