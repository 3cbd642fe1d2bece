import type { EventLog } from '@pod-eip/event-log'
import { type Clock, type Logger, type Service, SettingsError } from '@pod-eip/runtime'
import type { LogWatch } from './watch-log.ts'

/** Between two looks of a service that waits, in ms. */
const waitMs = 1_000

/** A write was not made, because the log went back. */
export class LogWentBackError extends Error {
  override name = 'LogWentBackError'
}

export interface StandingStill {
  watch: Pick<LogWatch, 'problem'>
  clock: Clock
  logger: Pick<Logger, 'error'>
}

/**
 * A service that does nothing before the log is known to be the one that there was, and says so in its health, then and
 * later. What it writes later has to be guarded besides: `guardedLog`.
 * @param first what comes before everything else, once the log is known; tried again while a store is away
 */
export function standingStill(
  service: Service,
  standing: StandingStill,
  first: () => Promise<void> = async () => {},
): Service {
  const told = tellProblem(standing)
  return {
    ...service,
    async run(signal) {
      while (!signal.aborted && (await told.look()) !== '') await standing.clock.sleep(waitMs, signal)
      while (!signal.aborted && !(await works(first))) await standing.clock.sleep(waitMs, signal)
      if (signal.aborted) return
      await whileLooking(service, told, standing.clock, signal)
    },
    health: () => told.in(service.health()),
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
export function tellingOnly(service: Service, standing: StandingStill): Service {
  const told = tellProblem(standing)
  return {
    ...service,
    run: (signal) => whileLooking(service, told, standing.clock, signal),
    health: () => told.in(service.health()),
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

function tellProblem({ watch, logger }: StandingStill) {
  let problem = ''
  return {
    /** A log that cannot be read stays as it was last seen. */
    async look(): Promise<string> {
      const now = await watch.problem().catch(() => problem)
      if (now !== '' && now !== problem) logger.error(now)
      problem = now
      return problem
    },
    in<H extends { ready: boolean }>(health: H): H {
      return problem === '' ? health : { ...health, ready: false, problem }
    },
  }
}

async function whileLooking(
  service: Service,
  told: { look(): Promise<string> },
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const looking = (async () => {
    while (!either.aborted) {
      await told.look()
      await clock.sleep(waitMs, either)
    }
  })()
  try {
    await service.run(signal)
  } finally {
    over.abort()
    await looking
  }
}
