import { forTerminal } from '@pod-eip/runtime'
import type { Command, Io } from './command.ts'
import { claims } from './commands/claims.ts'
import { doctor } from './commands/doctor.ts'
import { events } from './commands/events.ts'
import { explain } from './commands/explain.ts'
import { guard } from './commands/guard.ts'
import { history } from './commands/history.ts'
import { recover } from './commands/recover.ts'
import { replay } from './commands/replay.ts'
import { survey } from './commands/survey.ts'
import { teardown } from './commands/teardown.ts'
import { who } from './commands/who.ts'
import { UsageError } from './usage-error.ts'

const commands: Command[] = [
  claims,
  events,
  history,
  explain,
  who,
  replay,
  guard,
  survey,
  recover,
  teardown,
  doctor,
]

/**
 * Runs one command line. Wrong usage is one sentence on stderr and exit code 2. What is printed is of many hands
 * (annotations, names, words of the cloud): a terminal gets it without anything that it would act on.
 */
export async function runCli(
  argv: string[],
  { out, err, ...rest }: Io & { err(line: string): void },
): Promise<number> {
  return run(argv, {
    ...rest,
    out: (line) => out(forTerminal(line)),
    err: (line) => err(forTerminal(line)),
  })
}

async function run(argv: string[], io: Io & { err(line: string): void }): Promise<number> {
  const [name, ...rest] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    io.out(overview())
    return name === undefined ? 2 : 0
  }
  const command = commands.find((c) => c.name === name)
  try {
    if (!command) throw new UsageError(`unknown command ${JSON.stringify(name)}; see eipctl help`)
    if (rest.includes('--help') || rest.includes('-h')) {
      io.out(help(command))
      return 0
    }
    let old = Promise.resolve('')
    const open = async () => {
      const memory = await io.open()
      // Asked meanwhile, and never what the answer fails by.
      old = (memory.wentBack?.() ?? old).catch(() => '')
      return memory
    }
    const code = await command.run(rest, { ...io, open })
    const warning = await old
    if (warning !== '') io.err(`eipctl: warning: ${warning}`)
    return code
  } catch (error) {
    if (error instanceof UsageError) {
      io.err(`eipctl: ${error.message}`)
      return 2
    }
    throw error
  }
}

function help({ name, usage, summary, details = [] }: Command): string {
  const more = details.length === 0 ? [] : ['', ...details]
  return [`usage: eipctl ${name} ${usage}`.trimEnd(), '', summary, ...more].join('\n')
}

function overview(): string {
  return [
    'eipctl asks pod-eip what it knows: who holds which address, who held it when, and why.',
    '',
    ...commands.flatMap(({ name, usage, summary }) => [
      `  eipctl ${name} ${usage}`.trimEnd(),
      `      ${summary}`,
    ]),
    '',
    'It reads Postgres at DATABASE_URL (schema POD_EIP_DATABASE_SCHEMA, default pod_eip), or,',
    'when that is unset, that of the npm start which runs here. It changes nothing, but for what guard',
    'confirm, guard deny and survey record, and what recover and teardown do with --yes.',
  ].join('\n')
}
