import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { NameCommand } from '../wire/redis-wire.ts'

/** BullMQ's scripts that move a job, and what that is to us. */
const moves: Record<string, string> = {
  addStandardJob: 'enqueue',
  addDelayedJob: 'enqueue',
  promote: 'hurry',
  moveToActive: 'take job',
  moveToDelayed: 'put job off',
  moveToFinished: 'acknowledgement',
  moveStalledJobsToWait: 'take back of stalled jobs',
}

/** Names what a service does to the queue: BullMQ calls its scripts by the hash of their text. */
export function movesOfRedis(): NameCommand {
  const nameOf = hashedScripts()
  return (words) => {
    const [command, first = ''] = words
    switch (command?.toLowerCase()) {
      case 'evalsha':
        return nameOf.get(first) ?? null
      case 'eval':
        return nameOf.get(hash(first)) ?? null
      default:
        return null
    }
  }
}

function hashedScripts(): Map<string, string> {
  const require = createRequire(new URL('../../../packages/queue/package.json', import.meta.url))
  const folder = join(dirname(require.resolve('bullmq')), 'scripts')
  const named = new Map<string, string>()
  for (const file of globSync('*.js', { cwd: folder })) {
    for (const script of Object.values(require(join(folder, file)) as Record<string, unknown>)) {
      const { name, content } = script as { name?: string; content?: string }
      const move = name === undefined ? undefined : moves[name]
      if (move && content) named.set(hash(content), move)
    }
  }
  const missing = Object.values(moves).filter((move) => ![...named.values()].includes(move))
  if (missing.length > 0) throw new Error(`BullMQ has other scripts than before: who does "${missing[0]}"?`)
  return named
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
