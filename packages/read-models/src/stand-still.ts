import type { EventLog } from '@pod-eip/event-log'
import { type Clock, type Service, SettingsError } from '@pod-eip/runtime'
import { type LogProblem, type LogWatching, logProblem, logWaitMs } from './log-problem.ts'
import type { LogWatch } from './watch-log.ts'

/** A write was not made, because the log went back. */
export class LogWentBackError extends Error {
  override name = 'LogWentBackError'
}

/**
 * A service that does nothing before the log is known to be the one that there was, and says so in its health, then and
 * later. What it writes later has to be guarded besides: `guardedLog`.
 * @param first what comes before everything else, once the log is known; tried again while a store is away
 */
export function standingStill(
  service: Service,
  watching: LogWatching,
  first: () => Promise<void> = async () => {},
): Service {
  const { clock } = watching
  const problem = logProblem(watching)
  return {
    ...service,
    async run(signal) {
      while (!signal.aborted && (await patientLook(problem)) !== '') await clock.sleep(logWaitMs, signal)
      while (!signal.aborted && !(await works(first))) await clock.sleep(logWaitMs, signal)
      if (signal.aborted) return
      await whileLooking(service, problem, clock, signal)
    },
    health: () => withProblem(service.health(), problem),
  }
}

/** @throws SettingsError as it comes: it does not work the next time either */
async function works(call: () => Promise<void>): Promise<boolean> {
  try {
    await call()
    return true
  } catch (error) {
    if (error instanceof SettingsError) throw error
    return false
  }
}

/** A service that goes on with what it reads, and only says that the log went back. */
export function tellingOnly(service: Service, watching: LogWatching): Service {
  const problem = logProblem(watching)
  return {
    ...service,
    run: (signal) => whileLooking(service, problem, watching.clock, signal),
    health: () => withProblem(service.health(), problem),
  }
}

/** The log and its checkpoints, for whoever is not to append or save anything as long as there is a problem. */
export function guardedLog<L extends Pick<EventLog, 'append' | 'checkpoints'>>(
  log: L,
  watch: Pick<LogWatch, 'problem'>,
): L {
  const { checkpoints } = log
  return {
    ...log,
    append: guarded((...args: Parameters<EventLog['append']>) => log.append(...args), watch),
    checkpoints: {
      load: (name) => checkpoints.load(name),
      save: guarded((...args: Parameters<typeof checkpoints.save>) => checkpoints.save(...args), watch),
    },
  }
}

/** A call that fails with LogWentBackError, and is not made, as long as there is a problem. */
function guarded<A extends unknown[], R>(
  call: (...args: A) => Promise<R>,
  watch: Pick<LogWatch, 'problem'>,
): (...args: A) => Promise<R> {
  return async (...args) => {
    const problem = await watch.problem()
    if (problem !== '') throw new LogWentBackError(problem)
    return call(...args)
  }
}

/** A log that cannot be looked at stays as it was last seen. */
function patientLook(problem: LogProblem): Promise<string> {
  return problem.look().catch(() => problem.seen())
}

function withProblem<H extends { ready: boolean }>(health: H, problem: LogProblem): H {
  return problem.seen() === '' ? health : { ...health, ready: false, problem: problem.seen() }
}

async function whileLooking(
  service: Service,
  problem: LogProblem,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const looking = (async () => {
    while (!either.aborted) {
      await patientLook(problem)
      await clock.sleep(logWaitMs, either)
    }
  })()
  try {
    await service.run(signal)
  } finally {
    over.abort()
    await looking
  }
}
