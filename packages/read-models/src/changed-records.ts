import type { Intent, World } from '@pod-eip/domain'
import { type Alarm, alarmOf } from './projection-store.ts'

/** Cloud calls that a step ordered or called off. */
export function changedIntents(world: World, loaded: World): Intent[] {
  return [...world.intents.values()].filter((intent) => loaded.intents.get(intent.id) !== intent)
}

/** Claims whose time of expiry a step set. */
export function changedAlarms(world: World, loaded: World): Alarm[] {
  return [...world.claims.values()].flatMap((claim) => {
    const before = loaded.claims.get(claim.key)
    const alarm = alarmOf(claim)
    return alarm && alarm.until !== before?.retained?.until ? [alarm] : []
  })
}
