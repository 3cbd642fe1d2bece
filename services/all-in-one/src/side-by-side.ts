import type { Service } from '@pod-eip/runtime'
import type { NamedService } from './start-each.ts'

/**
 * Several services as one: what ends the process of one ends that of all, so that what restarts it restarts all.
 * `live` and `ready` are so when all are; below `services` stands what each says of itself.
 */
export function runSideBySide(services: readonly Pick<NamedService, 'name' | 'service'>[]): Service {
  return {
    /** @throws Error that names the service that failed, or ended by itself; the others have ended by then */
    async run(signal) {
      const failing = new AbortController()
      const either = AbortSignal.any([signal, failing.signal])
      let failure: Error | undefined
      const fail = (error: Error) => {
        failure ??= error
        failing.abort()
      }
      await Promise.all(
        services.map(async ({ name, service }) => {
          try {
            await service.run(either)
            if (!either.aborted) fail(new Error(`the ${name} ended by itself`))
          } catch (error) {
            fail(new Error(`the ${name} failed: ${messageOf(error)}`, { cause: error }))
          }
        }),
      )
      if (failure) throw failure
    },
    health() {
      const each = services.map(({ name, service }) => ({ name, health: service.health() }))
      return {
        live: each.every(({ health }) => health.live),
        ready: each.every(({ health }) => health.ready),
        services: Object.fromEntries(each.map(({ name, health }) => [name, health])),
      }
    },
    async close() {
      const closings = await Promise.allSettled(services.map(({ service }) => service.close()))
      const failed = closings.find((closing) => closing.status === 'rejected')
      if (failed) throw failed.reason
    },
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
