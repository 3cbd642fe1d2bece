import type { Holding, Listing } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'
import { upToDate } from '@pod-eip/read-models'
import { claimName, parseCommand, wantsJson } from '../arguments.ts'
import type { Command } from '../command.ts'
import { eventHead, eventRow } from '../event-line.ts'
import type { Memory } from '../memory.ts'
import { formatTable } from '../table.ts'
import { type Taking, takingHead, takingRow, takingsOf } from '../takings.ts'
import { UsageError } from '../usage-error.ts'
import { holdingHead, holdingRow } from './who.ts'

const usage = 'CLAIM|EIP|ADDRESS [-o json]'

/** `eipctl history`: everything that happened to one claim or one address. */
export const history: Command = {
  name: 'history',
  usage,
  summary: 'all that happened to a claim (namespace/pod), an EIP id or a public address',
  details: [
    'Of an EIP of yours it also tells which claims took it, when, and why they gave it back. Exit code 2 when',
    'nothing is known of the name.',
  ],
  async run(argv, io) {
    const { values, positionals } = parseCommand(
      argv,
      { output: { type: 'string', short: 'o' } },
      { min: 1, max: 1, usage: `history ${usage}` },
    )
    const name = positionals[0]!
    const json = wantsJson(values.output)
    const { log, readModels } = await io.open()
    const told = await storyOf(name, { log, readModels })
    if (told === null) {
      throw new UsageError(`nothing is known of ${JSON.stringify(name)}; see eipctl claims --all`)
    }
    if (json) {
      io.out(JSON.stringify(told, null, 2))
      return 0
    }
    const { events, holdings, takings } = told
    io.out(formatTable(eventHead, events.map(eventRow)))
    io.out('')
    if (takings) {
      io.out(
        takings.length === 0 ? 'No claim ever took it.' : formatTable(takingHead, takings.map(takingRow)),
      )
      io.out('')
    }
    io.out(holdings.length === 0 ? told.unheld : formatTable(holdingHead, holdings.map(holdingRow)))
    return 0
  },
}

type Sources = Pick<Memory, 'log' | 'readModels'>

interface Story {
  events: RecordedEvent[]
  holdings: Holding[]
  /** Of one of the user's EIPs: who took it, bound or not. */
  takings?: Taking[]
  /** What to say when there are no holdings. */
  unheld: string
}

/** What the log tells of a claim, of an EIP that was created for one, or of one of the user's that many have had. */
async function storyOf(name: string, { log, readModels }: Sources): Promise<Story | null> {
  const address = await readModels.address(name)
  const listing = address ? null : await readModels.listing(name)
  const id = address?.id ?? listing?.id
  if (id === undefined) {
    const key = claimName(name)
    const events = await streamOf(key, log)
    const unheld = 'It was never bound.'
    return events.length === 0 ? null : { events, holdings: await readModels.holdingsOfClaim(key), unheld }
  }
  const holdings = await readModels.holdingsOfAddress(id)
  const unheld = 'No Pod ever held it.'
  if (address) {
    const names = [address.id, address.allocationId]
    const events = (await streamOf(address.claim, log)).filter((event) => concerns(event, names))
    return { events, holdings, unheld }
  }
  const keys = await claimsAround(listing!, holdings, log)
  const streams = await Promise.all(keys.map((key) => streamOf(key, log)))
  const events = streams
    .flat()
    .filter((event) => concerns(event, [id]))
    .sort((a, b) => a.position - b.position)
  return { events, holdings, takings: takingsOf(events), unheld }
}

async function streamOf(key: string, log: Sources['log']): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = []
  for (let after = 0; ; ) {
    const found = await log.readStream(`claim/${key}`, { after, limit: 500 })
    if (found.length === 0) return all
    all.push(...found.map(upToDate))
    after = found.at(-1)!.version
  }
}

/** Claims that had the EIP, have it, or wait for it. Those that gave it back before it was bound only the log knows. */
async function claimsAround(
  { id, holder, waiting }: Listing,
  holdings: Holding[],
  log: Sources['log'],
): Promise<string[]> {
  const held = [...holdings.map(({ claim }) => claim), ...(holder ? [holder.claim] : []), ...waiting]
  return [...new Set([...held, ...(await takers(id, log))])]
}

async function takers(addressId: string, log: Sources['log']): Promise<string[]> {
  const found: string[] = []
  for (let after = 0; ; ) {
    const chosen = await log.read({ after, limit: 500, types: ['ListedAddressChosen'] })
    for (const { data } of chosen.map(upToDate))
      if (data.addressId === addressId) found.push(String(data.claim))
    if (chosen.length < 500) return found
    after = chosen.at(-1)!.position
  }
}

/** Events that name the address, and the decision to allocate it. */
function concerns(event: RecordedEvent, names: string[]): boolean {
  const data = JSON.stringify(event.data)
  return names.some((name) => data.includes(JSON.stringify(name)))
}
