import type { Redis } from 'ioredis'

/** Who says nothing for so long does not run, in ms. */
export const presenceMs = 10_000

/** Who of a cluster's services runs, working or standing still, as each says of itself. */
export interface Presence {
  /** Safe to repeat; to be repeated well within `presenceMs`. */
  tell(): Promise<void>
  /** It ends. */
  leave(): Promise<void>
}

/** By the clock of Redis: those of the services may differ. KEYS[1]: the list. ARGV: who, for how long in ms. */
const tellScript = `
local now = redis.call('TIME')
local ms = now[1] * 1000 + math.floor(now[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ms)
redis.call('ZADD', KEYS[1], ms + ARGV[2], ARGV[1])
`
const whoScript = `
local now = redis.call('TIME')
return redis.call('ZRANGEBYSCORE', KEYS[1], now[1] * 1000 + math.floor(now[2] / 1000), '+inf')
`

/**
 * @param redis the caller's connection; one that fails fast serves best
 * @param prefix `{pod-eip:<cluster id>}`
 * @param service its name, such as `watcher`
 * @param id of this process among others of the same name
 */
export function createRedisPresence(
  { redis, prefix }: { redis: Redis; prefix: string },
  { service, id }: { service: string; id: string },
): Presence {
  const member = `${service}/${id}`
  return {
    async tell() {
      await redis.eval(tellScript, 1, keyOf(prefix), member, presenceMs)
    },
    async leave() {
      await redis.zrem(keyOf(prefix), member)
    },
  }
}

/** The names of the services that run, each once, in alphabetical order. */
export async function servicesPresent({
  redis,
  prefix,
}: {
  redis: Redis
  prefix: string
}): Promise<string[]> {
  const members = (await redis.eval(whoScript, 1, keyOf(prefix))) as string[]
  return [...new Set(members.map((member) => member.slice(0, member.indexOf('/'))))].sort()
}

const keyOf = (prefix: string): string => `${prefix}:running`
