import type { Redis } from 'ioredis'
import type { WorkTurn } from './work-turn.ts'

/** KEYS[1]: who has the turn. ARGV[1]: who asks. ARGV[2]: for how long, in ms. Returns 1 where he has it now. */
const holdScript = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`
const yieldScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`

/**
 * The turn as a key of Redis that runs out.
 * @param redis the caller's connection; one that fails fast serves best
 * @param prefix `{pod-eip:<cluster id>}`
 */
export function createRedisWorkTurn({ redis, prefix }: { redis: Redis; prefix: string }): WorkTurn {
  const key = keyOf(prefix)
  return {
    hold: async (owner, forMs) => (await redis.eval(holdScript, 1, key, owner, forMs)) === 1,
    async seize(owner, forMs) {
      await redis.set(key, owner, 'PX', forMs)
    },
    async yield(owner) {
      await redis.eval(yieldScript, 1, key, owner)
    },
  }
}

/** Which worker makes the calls of a cluster at this moment; `null` when none does. */
export function workTurnHolder({ redis, prefix }: { redis: Redis; prefix: string }): Promise<string | null> {
  return redis.get(keyOf(prefix))
}

const keyOf = (prefix: string): string => `${prefix}:turn`
