import type { IntentQueue, WorkTurn } from '@pod-eip/queue'
import type { Clock, Logger } from '@pod-eip/runtime'

/** A worker that died has the turn for so long at most, in ms. */
const turnMs = 3_000
/** Between two looks at the turn, in ms. */
const lookMs = 1_000
/** Jobs that wait for so long while nobody handles any show that who has the turn does not work, in ms. */
const idleMs = 10_000

export interface TakingTurns {
  turn: WorkTurn
  queue: Pick<IntentQueue, 'progress'>
  /** What keeps everybody from working, in one sentence; empty when nothing does. */
  obstacle?(): Promise<string>
  clock: Clock
  logger: Logger
  /** Names this worker among others. */
  owner: string
}

/**
 * Works while it is our turn, so that one worker joins the calls of all claims; the others stand by, and the next
 * goes on within seconds when it ends, dies or does not work. Where the turn cannot be asked for, whoever works goes
 * on. What is under way when a turn ends is brought to its end.
 *
 * @param work ends soon after its signal aborts
 */
export async function inTurn(
  { turn, queue, obstacle, clock, logger, owner }: TakingTurns,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>()
  const failed = new AbortController()
  const either = AbortSignal.any([signal, failed.signal])
  let working: AbortController | null = null

  let told = ''
  /** Nobody works on what an older log believes. */
  async function isOurs(): Promise<boolean> {
    const problem = (await obstacle?.()) ?? ''
    if (problem !== '' && problem !== told) logger.error(problem)
    told = problem
    return problem === '' && hasTurn()
  }

  async function hasTurn(): Promise<boolean> {
    if (await turn.hold(owner, turnMs)) return true
    if (working) return false
    const { active, oldestWaitingMs } = await queue.progress()
    if (active > 0 || oldestWaitingMs < idleMs) return false
    logger.warn({ oldestWaitingMs }, 'jobs wait and no worker handles them: this one takes over')
    await turn.seize(owner, turnMs)
    return true
  }

  function start(): AbortController {
    const begun = new AbortController()
    const done = work(AbortSignal.any([begun.signal, either]))
    running.add(done)
    done.then(
      () => running.delete(done),
      () => failed.abort(),
    )
    return begun
  }

  while (!either.aborted) {
    const ours = await isOurs().catch((error: unknown) => {
      logger.debug({ err: error }, 'whose turn it is could not be asked')
      return working !== null
    })
    if (ours && !working) {
      working = start()
      logger.info({ owner }, 'this worker makes the calls')
    } else if (!ours && working) {
      working.abort()
      working = null
      logger.info({ owner }, 'this worker makes no calls for now; it stands by')
    }
    await clock.sleep(lookMs, either)
  }
  await turn.yield(owner).catch(() => {})
  await Promise.all(running)
}
