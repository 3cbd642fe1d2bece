import { Redis } from 'ioredis'

/** For whoever asks: an answer or an error soon, never a command that waits for a server that is away. */
export function producerConnection(url: string): Redis {
  return new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 5_000,
    retryStrategy,
  })
}

/** For workers: commands wait until the server is back, as BullMQ demands. */
export function workerConnection(url: string): Redis {
  return new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null, retryStrategy })
}

/** Comes back soon after a short outage, and tries for ever. */
function retryStrategy(times: number): number {
  return Math.min(times * 100, 2_000)
}
