import { type IntentRuns, LeaseLostError } from '@pod-eip/queue'
import type { Clock } from '@pod-eip/runtime'

/** A lease that is renewed for as long as it is held: a step may wait long for its turn at the rate limit. */
export interface HeldLease {
  /** @throws LeaseLostError when another worker may have it by now */
  assertHeld(): void
  letGo(): void
}

/** Renews the lease every third of its length until it is let go. */
export function holdLease(
  intentId: string,
  deps: { runs: IntentRuns; clock: Clock; owner: string; settings: { leaseMs: number } },
): HeldLease {
  const { runs, clock, owner, settings } = deps
  const released = new AbortController()
  let heldUntil = clock.now() + settings.leaseMs

  async function renewing(): Promise<void> {
    while (!released.signal.aborted) {
      await clock.sleep(settings.leaseMs / 3, released.signal)
      if (released.signal.aborted) return
      const asked = clock.now()
      await runs.renew(intentId, owner, settings.leaseMs)
      heldUntil = asked + settings.leaseMs
    }
  }
  // A renewal that fails leaves the lease to end: whoever is about to call finds that out.
  renewing().catch(() => {})

  return {
    assertHeld() {
      if (clock.now() >= heldUntil) throw new LeaseLostError(intentId, owner)
    },
    letGo: () => released.abort(),
  }
}
