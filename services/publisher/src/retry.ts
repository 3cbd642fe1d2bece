import { backOffMs, KubeError } from '@pod-eip/kube'
import type { Clock, Random } from '@pod-eip/runtime'

export interface RetryOptions {
  signal: AbortSignal
  clock: Clock
  random: Random
  onFailure: (failure: { error: unknown; failures: number; delayMs: number }) => void
}

/** Calls until it works, longer apart each time; `undefined` once the signal has aborted. */
export async function untilItWorks<T>(call: () => Promise<T>, options: RetryOptions): Promise<T | undefined> {
  const { signal, clock, random, onFailure } = options
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      return await call()
    } catch (error) {
      if (signal.aborted) return undefined
      const delayMs = backOffMs(failures, error instanceof KubeError ? error : undefined, random)
      onFailure({ error, failures, delayMs })
      await clock.sleep(delayMs, signal)
    }
  }
  return undefined
}
