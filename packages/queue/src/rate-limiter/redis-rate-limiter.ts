import type { Clock, Random } from '@pod-eip/runtime'
import type { Redis } from 'ioredis'
import { spacingScript } from './spacing-script.ts'

/** Says when a call of an action may be made. */
export interface RedisRateLimiter<Action extends string> {
  /**
   * Resolves when one call may be made; a place once given is spent, made or not. While Redis is away it waits.
   *
   * @throws the signal's reason when it aborts first, or that of the process' end
   */
  acquire(action: Action, signal?: AbortSignal): Promise<void>
}

export interface RedisRateLimiterOptions<Action extends string> {
  /** The caller's connection; one that fails fast serves best. */
  redis: Redis
  /** `{pod-eip:<cluster id>}` */
  prefix: string
  clock: Clock
  random: Random
  /** Calls per second, by action; the same in every process. */
  limits: Readonly<Record<Action, number>>
  /** Aborts when the process ends: whoever waits while Redis is away is turned away then. */
  ending?: AbortSignal
}

/** Wait between tries while Redis is away, in ms, jittered by half. */
const awayMs = 500
/** A place that many processes wait for is tried a little apart, in ms. */
const contentionMs = 5

/**
 * A rate limiter that all processes share.
 *
 * @throws one sentence when a limit is not a positive number
 */
export function createRedisRateLimiter<Action extends string>(
  options: RedisRateLimiterOptions<Action>,
): RedisRateLimiter<Action> {
  const { redis, prefix, clock, random, limits, ending } = options
  for (const [action, limit] of Object.entries<number>(limits)) {
    if (!(limit > 0))
      throw new Error(`rate limit of ${action} must be above 0 calls per second, not ${limit}`)
  }
  const tails = new Map<Action, Promise<void>>()

  async function waitForPlace(action: Action, signal: AbortSignal | undefined): Promise<void> {
    // One microsecond more: a second with both its ends must not hold one more than the limit.
    const interval = Math.ceil(1_000_000 / limits[action]) + 1
    for (;;) {
      signal?.throwIfAborted()
      const waitMicros = await redis
        .eval(spacingScript, 1, `${prefix}:rate:${action}`, interval)
        .then(Number, () => null)
      if (waitMicros === 0) return
      if (waitMicros === null) ending?.throwIfAborted()
      const waitMs =
        waitMicros === null
          ? awayMs * (0.5 + random.next() / 2)
          : waitMicros / 1000 + random.next() * contentionMs
      await clock.sleep(Math.ceil(waitMs), signal)
    }
  }

  return {
    /** Callers of one process line up here, and only the first of the line asks Redis. */
    acquire(action, signal) {
      const before = tails.get(action) ?? Promise.resolve()
      const place = before.then(() => waitForPlace(action, signal))
      tails.set(
        action,
        place.catch(() => {}),
      )
      return place
    },
  }
}
