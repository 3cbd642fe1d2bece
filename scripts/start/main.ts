import { HelpRequested, readSettings, SettingsError } from '@pod-eip/runtime'
import { checkChoices, choiceNotes, describeChoices } from './choices.ts'
import { createCleanup } from './cleanup.ts'
import { openDataDir } from './data-dir.ts'
import { say } from './say.ts'
import { startSettings } from './start-settings.ts'

/** `npm start`: the whole of pod-eip, with whatever is not given embedded or simulated. */
async function main(): Promise<void> {
  const settings = readSettings(startSettings, process.env, process.argv.slice(2))
  checkChoices(settings)
  const stop = stopSignal()
  const cleanup = createCleanup()
  try {
    const dir = openDataDir(settings.dir, settings.fresh)
    cleanup.add(() => dir.unlock())
    for (const line of [describeChoices(settings), ...choiceNotes(settings, process.env)]) say(line)
    // The first words come before the rest of the program is loaded.
    const { run } = await import('./run.ts')
    await run({ settings, env: process.env, dir, cleanup, signal: stop })
  } finally {
    if (stop.aborted) say('\nstopping …')
    await cleanup.run((error) => complain(`while stopping: ${sentence(error)}`))
  }
}

/** Aborted by the first wish to stop; the second ends at once, and the stores end with us. */
function stopSignal(): AbortSignal {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort()
    })
  }
  return stop.signal
}

function complain(text: string): void {
  process.stderr.write(`pod-eip: ${text}\n`)
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  if (error instanceof HelpRequested) {
    say(`npm start -- [flags]\n\n${error.message}`)
    process.exit(0)
  }
  complain(sentence(error))
  if (process.env.POD_EIP_LOG_LEVEL === 'debug' && error instanceof Error) complain(error.stack ?? '')
  process.exit(error instanceof SettingsError ? 2 : 1)
}
