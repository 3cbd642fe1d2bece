import { formatDuration } from '@pod-eip/domain'
import { parseCommand } from '../arguments.ts'
import type { Command } from '../command.ts'
import { findClaim } from '../story/find-claim.ts'
import { presentState } from '../story/present-state.ts'
import { readStory } from '../story/read-story.ts'
import { written } from '../story/timed-lines.ts'

const usage = 'CLAIM|EIP|ADDRESS [--json]'

/** `eipctl explain`: a claim's story in sentences, and how it stands now: what it waits for, what to do. */
export const explain: Command = {
  name: 'explain',
  usage,
  summary: "a claim's story in sentences: what happened when, why, and what it waits for now",
  details: [
    'The lines are in the order of the log, by position. "because of N" names the line that led to one; where',
    'that is about something else, such as another claim that freed an EIP slot, it is shown as well.',
    'A time is that at which the service in parentheses saw or decided it. Clocks of services differ by some',
    'ms: a line is never shown before the one above, but has its time ("at once"). By more than a second, or',
    'where a fact came into the log 10 s late or more, as after an outage, the line says so; --json has all three',
    'times (at: as shown, seenAt: by its own clock, recordedAt: when it came into the log).',
  ],
  async run(argv, io) {
    const { values, positionals } = parseCommand(
      argv,
      { json: { type: 'boolean', default: false } },
      { min: 1, max: 1, usage: `explain ${usage}` },
    )
    const { log, readModels } = await io.open()
    const claim = await findClaim(readModels, positionals[0]!)
    const story = await readStory(claim.key, { log, readModels })
    const now = await presentState(claim, readModels, io.now())
    if (values.json) {
      io.out(JSON.stringify({ claim: claim.key, story, now }, null, 2))
      return 0
    }
    io.out(`Claim ${claim.key}`)
    io.out('')
    for (const line of story) io.out(written(line))
    io.out('')
    // A claim that was never opened has been in no phase.
    const since = now.since === '' ? '' : `, since ${now.since} (${formatDuration(now.forMs)})`
    io.out(`Now it is ${now.phase}${since}: ${now.means}.`)
    if (!now.ready) io.out(now.why)
    for (const sentence of now.inTheWay) io.out(sentence)
    io.out(`Next: ${now.next}.`)
    return 0
  },
}
