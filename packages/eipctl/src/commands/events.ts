import type { RecordedEvent } from '@pod-eip/event-log'
import { upToDate } from '@pod-eip/read-models'
import { claimName, parseCommand, parseCount, wantsJson } from '../arguments.ts'
import type { Command } from '../command.ts'
import { eventHead, eventRow } from '../event-line.ts'
import { formatTable } from '../table.ts'

const usage = '[--claim CLAIM] [--type TYPE] [--after POSITION] [--limit N] [--follow] [-o json]'
const batch = 500

/** `eipctl events`: the log as it stands, in order. */
export const events: Command = {
  name: 'events',
  usage,
  summary: 'the event log; -o json prints whole events, one a line',
  async run(argv, io) {
    const { values } = parseCommand(
      argv,
      {
        claim: { type: 'string' },
        type: { type: 'string' },
        after: { type: 'string', default: '0' },
        limit: { type: 'string' },
        follow: { type: 'boolean', short: 'f', default: false },
        output: { type: 'string', short: 'o' },
      },
      { min: 0, max: 0, usage: `events ${usage}` },
    )
    let after = parseCount('after', values.after)
    let left = values.limit === undefined ? Number.POSITIVE_INFINITY : parseCount('limit', values.limit)
    const json = wantsJson(values.output)
    const { log } = await io.open()
    const filter = {
      ...(values.claim !== undefined && { streams: [`claim/${claimName(values.claim)}`] }),
      ...(values.type !== undefined && { types: [values.type] }),
    }
    let headPrinted = false
    const print = (found: RecordedEvent[]) => {
      if (json) {
        for (const event of found) io.out(JSON.stringify(event))
        return
      }
      const lines = formatTable(eventHead, found.map(eventRow)).split('\n')
      for (const line of headPrinted ? lines.slice(1) : lines) io.out(line)
      headPrinted = true
    }
    for (;;) {
      const found = (await log.read({ after, limit: Math.min(batch, left), ...filter })).map(upToDate)
      if (found.length > 0 || !headPrinted) print(found)
      after = found.at(-1)?.position ?? after
      left -= found.length
      if (left <= 0) return 0
      if (found.length > 0) continue
      if (!values.follow || io.signal.aborted) return 0
      await log.waitForMore(Math.max(after, await log.head()), io.signal)
    }
  },
}
