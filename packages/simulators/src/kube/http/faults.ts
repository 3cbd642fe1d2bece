import { z } from 'zod'
import { ApiError, badRequest, expired } from '../store/api-error.ts'
import { answer, type Exchange, readBody } from './exchange.ts'

/** What a real API server may do to its clients, to be switched on in tests. */
const faults = z.strictObject({
  /** The next so many requests are answered 500. */
  errors: z.int().min(0).default(0),
  /** The next so many watches are answered 410 Expired. */
  expiredWatches: z.int().min(0).default(0),
  /** Watch events come this much later, milliseconds. None is ever left out. */
  watchDelayMs: z.int().min(0).default(0),
})

export type Faults = z.infer<typeof faults>

/** The faults as they are now, and the handler for `/_sim/`. */
export interface FaultSwitch {
  /** Fails, if the next request is to fail. */
  beforeRequest(): void
  /** Fails, if the next watch is to fail. */
  beforeWatch(resourceVersion: string): void
  watchDelayMs(): number
  /** `GET|PUT /_sim/faults`, `POST /_sim/close-watches`, `POST /_sim/compact`. */
  handle(exchange: Exchange): Promise<void>
}

export function createFaultSwitch(actions: { closeWatches(): void; compact(): void }): FaultSwitch {
  let current: Faults = faults.parse({})
  return {
    beforeRequest() {
      if (current.errors === 0) return
      current.errors -= 1
      throw new ApiError(500, 'InternalError', 'Internal error occurred: a fault was asked for')
    },
    beforeWatch(resourceVersion) {
      if (current.expiredWatches === 0) return
      current.expiredWatches -= 1
      throw expired(resourceVersion, 'a fault was asked for')
    },
    watchDelayMs: () => current.watchDelayMs,
    async handle(exchange) {
      const { method, url } = exchange
      switch (`${method} ${url.pathname}`) {
        case 'GET /_sim/faults':
          break
        case 'PUT /_sim/faults': {
          const asked = faults.safeParse((await readBody(exchange)) ?? {})
          if (!asked.success) throw badRequest(`/_sim/faults: ${z.prettifyError(asked.error)}`)
          current = asked.data
          break
        }
        case 'POST /_sim/close-watches':
          actions.closeWatches()
          break
        case 'POST /_sim/compact':
          actions.compact()
          break
        default:
          throw new ApiError(
            404,
            'NotFound',
            'there are /_sim/faults (GET, PUT), /_sim/close-watches and /_sim/compact (POST)',
          )
      }
      answer(exchange, 200, current)
    },
  }
}
