import type { Holding } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'
import { parseCommand, parseTime, wantsJson } from '../arguments.ts'
import type { Command } from '../command.ts'
import { formatTable } from '../table.ts'
import { UsageError } from '../usage-error.ts'

const usage = 'ADDRESS [--at TIME] [-o json]'

export const holdingHead = ['ADDRESS', 'EIP', 'CLAIM', 'POD-UID', 'NODE', 'PRIVATE-IP', 'FROM', 'TO']

export function holdingRow(h: Holding): string[] {
  return [h.publicIp, h.addressId, h.claim, h.podUid, h.node, h.privateIp, h.from, h.to || 'now']
}

/** `eipctl who`: which Pod held an address, now, ever, or at one moment. Exit code 1 when nobody did. */
export const who: Command = {
  name: 'who',
  usage,
  summary: 'which Pod held a public address (or EIP id), at a time or ever',
  details: [
    '--at TIME   at that moment, such as 2026-01-31T12:00:00Z; without a zone it is UTC. Not one to come.',
    'Exit code 1 when nobody held it.',
  ],
  async run(argv, io) {
    const { values, positionals } = parseCommand(
      argv,
      { at: { type: 'string' }, output: { type: 'string', short: 'o' } },
      { min: 1, max: 1, usage: `who ${usage}` },
    )
    const address = positionals[0]!
    const at = values.at === undefined ? undefined : parseTime('at', values.at)
    const json = wantsJson(values.output)
    if (at !== undefined && Date.parse(at) > io.now()) {
      throw new UsageError(`--at is ${at}, which is yet to come; give a time that has passed`)
    }
    const { readModels } = await io.open()
    const found = await readModels.holdingsOfAddress(address, at)
    if (json) io.out(JSON.stringify(found, null, 2))
    else if (found.length > 0) io.out(formatTable(holdingHead, found.map(holdingRow)))
    else
      io.out(
        `Nobody held ${address}${at ? ` at ${at}` : ''} as far as the log knows${await known(readModels, address, at)}`,
      )
    return found.length > 0 ? 0 : 1
  },
}

/** What else is known of an EIP that no Pod held; the end of a sentence. */
async function known(readModels: ReadModels, name: string, at?: string): Promise<string> {
  const created = await readModels.address(name)
  const listing = created ? null : await readModels.listing(name)
  if (!created && !listing) return ': no EIP of that id or public address is in it.'
  const claim = created && created.releasedAt === '' ? created.claim : listing?.holder?.claim
  if (claim === undefined || at !== undefined) return '.'
  return `; claim ${claim} has it now, see eipctl explain ${claim}.`
}
