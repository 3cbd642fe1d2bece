import type { Holding } from '@pod-eip/domain'
import { parseCommand, parseTime, wantsJson } from '../arguments.ts'
import type { Command } from '../command.ts'
import { formatTable } from '../table.ts'

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
  async run(argv, io) {
    const { values, positionals } = parseCommand(
      argv,
      { at: { type: 'string' }, output: { type: 'string', short: 'o' } },
      { min: 1, max: 1, usage: `who ${usage}` },
    )
    const address = positionals[0]!
    const at = values.at === undefined ? undefined : parseTime('at', values.at)
    const json = wantsJson(values.output)
    const { readModels } = await io.open()
    const found = await readModels.holdingsOfAddress(address, at)
    if (json) io.out(JSON.stringify(found, null, 2))
    else if (found.length > 0) io.out(formatTable(holdingHead, found.map(holdingRow)))
    else io.out(`Nobody held ${address}${at ? ` at ${at}` : ''} as far as the log knows.`)
    return found.length > 0 ? 0 : 1
  },
}
