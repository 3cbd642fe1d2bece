import type { Clock } from '@pod-eip/runtime'
import type { WorkTurn } from './work-turn.ts'

/** The turn among workers of one process. */
export function createMemoryWorkTurn({ clock }: { clock: Clock }): WorkTurn {
  let held: { owner: string; until: number } | null = null

  async function seize(owner: string, forMs: number): Promise<void> {
    held = { owner, until: clock.now() + forMs }
  }

  return {
    async hold(owner, forMs) {
      if (held && held.owner !== owner && held.until > clock.now()) return false
      await seize(owner, forMs)
      return true
    },
    seize,
    async yield(owner) {
      if (held?.owner === owner) held = null
    },
  }
}
