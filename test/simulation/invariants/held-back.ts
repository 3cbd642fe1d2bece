import type { Invariant } from './invariant.ts'

/** What was called for before all services were stopped has begun in the cloud by then, in ms. */
const underWayMs = 20_000

/** What somebody's call begins, and the cloud does not by itself. */
const begun = ['allocated', 'bind-started', 'unbind-started', 'release-started']

/** As long as the log is an older one than there was, and nobody has recovered it, nothing is called for. */
export const heldBack: Invariant = {
  name: 'I8 held back',
  onCloudChange({ addressId, event, requestId }, { stage, plane, say }) {
    if (!plane.wentBack() || requestId === null || stage.somebodyActs() || !begun.includes(event)) return
    if (stage.clock.now() < plane.restores.at(-1)!.at + underWayMs) return
    say('I8', `${addressId}: ${event}, although the log is an older one than there was`)
  },
}
