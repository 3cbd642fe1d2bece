import type { Redis } from 'ioredis'

/** Refuses a server that would lose jobs or lacks what BullMQ's scripts use. @throws one sentence */
export async function assertRedisFits(redis: Redis): Promise<void> {
  const fault = redisFault(await redis.info())
  if (fault) throw new Error(fault)
}

/** What is wrong with a server, from the text of its INFO; `null` when it fits. */
export function redisFault(info: string): string | null {
  const version = infoField(info, 'redis_version') ?? '0'
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < 6 || (major === 6 && minor < 2)) {
    return `Redis ${version} is too old: pod-eip needs Redis or Valkey 6.2 or newer, upgrade it or point REDIS_URL elsewhere`
  }
  const policy = infoField(info, 'maxmemory_policy')
  if (policy !== null && policy !== 'noeviction') {
    return `Redis has maxmemory-policy ${policy} and would drop jobs when it is full: set it to noeviction, or point REDIS_URL elsewhere`
  }
  return null
}

/** A field of INFO's text. */
export function infoField(info: string, name: string): string | null {
  const line = info.split(/\r?\n/).find((l) => l.startsWith(`${name}:`))
  return line === undefined ? null : line.slice(name.length + 1).trim()
}
