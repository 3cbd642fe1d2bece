import type { Clock } from '@pod-eip/runtime'
import { producerConnection } from '../bullmq/redis-connections.ts'
import { createRedisPresence } from '../presence/redis-presence.ts'
import type { LogMark } from './log-mark.ts'
import { createRedisLogMark } from './redis-log-mark.ts'

export interface OpenLogMark {
  mark: LogMark
  close(): Promise<void>
}

/** Well within what a service is believed to run for. */
const tellEveryMs = 3_000

/**
 * The mark of a cluster's log, over a connection of its own. A Redis that is away is no reason not to start: reads and
 * writes of the mark fail until it is back. A service that writes says there, too, that it runs, until this is closed:
 * whoever changes the log by hand has to wait for its end.
 * @param prefix `{pod-eip:<cluster id>}`
 * @param writer who it is; absent: it only reads
 */
export async function openLogMark(options: {
  url: string
  prefix: string
  writer?: { service: string; id: string }
  clock: Pick<Clock, 'sleep'>
  logger: { debug(fields: object, message: string): void }
}): Promise<OpenLogMark> {
  const { url, prefix, writer, clock, logger } = options
  const redis = producerConnection(url)
  redis.on('error', (error) => logger.debug({ err: error }, 'the mark of the log lost Redis for a moment'))
  await redis.connect().catch(() => {})
  const closing = new AbortController()
  const presence = writer && createRedisPresence({ redis, prefix }, writer)
  const telling = (async () => {
    while (presence && !closing.signal.aborted) {
      await presence.tell().catch(() => {})
      await clock.sleep(tellEveryMs, closing.signal)
    }
  })()
  return {
    mark: createRedisLogMark({ redis, prefix }),
    async close() {
      closing.abort()
      await telling
      await presence?.leave().catch(() => {})
      redis.disconnect()
    },
  }
}
