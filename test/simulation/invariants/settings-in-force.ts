import type { ControlPlane, PlaneSettings } from '../stage/control-plane.ts'

/** So long after a change of the settings a process of before may still be at work, in ms: it ends, or stands still. */
const overlapMs = 90_000

/** The settings by which something may have been decided at a moment: during a change those before and those after. */
export function settingsInForce(plane: ControlPlane, at: number): PlaneSettings[] {
  const { settingsOverTime } = plane
  return settingsOverTime.flatMap(({ at: from, settings }, i) => {
    const until = (settingsOverTime[i + 1]?.at ?? Number.POSITIVE_INFINITY) + overlapMs
    // A decision is dated by when the projector began to look, by a clock that may jump.
    const unsure = 1_000 + plane.skewMs()
    return from <= at + unsure && at < until + unsure ? [settings] : []
  })
}
