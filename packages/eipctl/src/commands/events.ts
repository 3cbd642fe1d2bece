import { schemaVersions } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'
import { upToDate } from '@pod-eip/read-models'
import { claimName, parseCommand, parseCount, wantsJson } from '../arguments.ts'
import type { Command } from '../command.ts'
import { eventHead, eventRow } from '../event-line.ts'
import type { Memory } from '../memory.ts'
import { formatTable } from '../table.ts'
import { UsageError } from '../usage-error.ts'

const usage = '[--claim CLAIM] [--type TYPE] [--after POSITION] [--limit N] [--follow] [-o json]'
const batch = 500

/** `eipctl events`: the log as it stands, in order. */
export const events: Command = {
  name: 'events',
  usage,
  summary: 'the event log; -o json prints whole events, one a line',
  details: [
    '--claim CLAIM      only of that claim: namespace/pod, or pod in the namespace default',
    '--type TYPE        only of that type, such as AddressBound',
    '--after POSITION   only those after it; --limit N: at most so many',
    '--follow, -f       go on with what comes, until it is stopped',
    'Exit code 2 when nothing is known of the claim.',
  ],
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
    if (values.type !== undefined && !Object.hasOwn(schemaVersions, values.type)) {
      throw new UsageError(
        `--type is ${JSON.stringify(values.type)}, and there is no such event${like(values.type)}`,
      )
    }
    const { log } = await io.open()
    if (values.claim !== undefined && !values.follow) await mustBeKnown(claimName(values.claim), log)
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

/** A name that was meant, perhaps: one that differs in case or says part of it. */
function like(type: string): string {
  const wanted = type.toLowerCase()
  const found = Object.keys(schemaVersions).filter(
    (name) => wanted !== '' && name.toLowerCase().includes(wanted),
  )
  return found.length === 0 ? '; eipctl events shows those that there are' : `; there is ${found.join(', ')}`
}

/** @throws UsageError when the log has nothing about the claim */
async function mustBeKnown(key: string, log: Memory['log']): Promise<void> {
  if ((await log.readStream(`claim/${key}`, { limit: 1 })).length > 0) return
  throw new UsageError(`nothing is known of claim ${JSON.stringify(key)}; see eipctl claims --all`)
}
