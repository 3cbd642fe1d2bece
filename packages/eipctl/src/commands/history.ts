import type { RecordedEvent } from '@pod-eip/event-log'
import { upToDate } from '@pod-eip/read-models'
import { claimName, parseCommand, wantsJson } from '../arguments.ts'
import type { Command } from '../command.ts'
import { eventHead, eventRow } from '../event-line.ts'
import { formatTable } from '../table.ts'
import { UsageError } from '../usage-error.ts'
import { holdingHead, holdingRow } from './who.ts'

const usage = 'CLAIM|EIP|ADDRESS [-o json]'

/** `eipctl history`: everything that happened to one claim or one address. */
export const history: Command = {
  name: 'history',
  usage,
  summary: 'all that happened to a claim (namespace/pod), an EIP id or a public address',
  async run(argv, io) {
    const { values, positionals } = parseCommand(
      argv,
      { output: { type: 'string', short: 'o' } },
      { min: 1, max: 1, usage: `history ${usage}` },
    )
    const name = positionals[0]!
    const json = wantsJson(values.output)
    const { log, readModels } = await io.open()
    const address = await readModels.address(name)
    const key = address?.claim ?? claimName(name)
    const all: RecordedEvent[] = []
    for (let after = 0; ; ) {
      const found = await log.readStream(`claim/${key}`, { after, limit: 500 })
      if (found.length === 0) break
      all.push(...found.map(upToDate))
      after = found.at(-1)!.version
    }
    const told = address ? all.filter((event) => concerns(event, address)) : all
    if (told.length === 0)
      throw new UsageError(`nothing is known of ${JSON.stringify(name)}; see eipctl claims --all`)
    const holdings = address
      ? await readModels.holdingsOfAddress(address.id)
      : await readModels.holdingsOfClaim(key)
    if (json) {
      io.out(JSON.stringify({ events: told, holdings }, null, 2))
      return 0
    }
    io.out(formatTable(eventHead, told.map(eventRow)))
    io.out('')
    io.out(
      holdings.length === 0
        ? 'It never held an address.'
        : formatTable(holdingHead, holdings.map(holdingRow)),
    )
    return 0
  },
}

/** Events that name the address, and the decision to allocate it. */
function concerns(event: RecordedEvent, address: { id: string; allocationId: string }): boolean {
  const data = JSON.stringify(event.data)
  return data.includes(JSON.stringify(address.id)) || data.includes(JSON.stringify(address.allocationId))
}
