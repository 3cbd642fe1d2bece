import { modelKinds } from '@pod-eip/domain'
import { verifyLog } from '@pod-eip/event-log'
import { createMemoryModels, hashModels, replayLog } from '@pod-eip/read-models'
import { parseCommand } from '../arguments.ts'
import type { Command } from '../command.ts'
import { formatTable } from '../table.ts'

/** How often the comparison is begun anew when the projector moved on meanwhile. */
const tries = 20

/**
 * `eipctl replay`: folds the log from position 0 and compares the result with the live read models, record
 * by record, by hash. Before that the log's own chain of hashes is followed: exit code 1 when an event was changed
 * or removed, or when the read models differ.
 */
export const replay: Command = {
  name: 'replay',
  usage: '',
  summary: 'check the log, fold it from the start, compare with the live read models (hashes)',
  details: [
    'Changes nothing. Exit code 1 when an event was changed or removed, or when the read models differ.',
  ],
  async run(argv, io) {
    parseCommand(argv, {}, { min: 0, max: 0, usage: 'replay' })
    const { log, readModels } = await io.open()
    const chain = await verifyLog(log)
    if ('fault' in chain) {
      io.out(
        `Event ${chain.position} is ${chain.fault}: the log is not as it was written; restore it from a backup.`,
      )
      return 1
    }
    io.out(`Every event is as it was written; the newest hash is ${chain.head}.`)
    for (let attempt = 1; attempt <= tries; attempt++) {
      const position = await readModels.position()
      const live = await hashModels(readModels)
      if ((await readModels.position()) !== position) continue
      const { world, folded } = await replayLog(log, position)
      const again = await hashModels(createMemoryModels(() => folded, world))
      const rows = modelKinds.map((kind) => [
        kind,
        String(world[kind].size),
        live[kind].slice(0, 16),
        again[kind].slice(0, 16),
        live[kind] === again[kind] ? 'identical' : 'DIFFERENT',
      ])
      io.out(`Replayed ${folded} events.`)
      io.out(formatTable(['READ-MODEL', 'RECORDS', 'LIVE', 'REPLAYED', 'RESULT'], rows))
      return rows.every((row) => row[4] === 'identical') ? 0 : 1
    }
    io.out('The read models change faster than they can be compared; try again when it is quieter.')
    return 1
  },
}
