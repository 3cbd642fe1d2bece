import { forgetGone } from './history.ts'
import type { World } from './world.ts'

/** Looking for what can be forgotten costs a walk over everything, so it is not done at every call. */
const sweepEveryMs = 60_000

/** Drops what nobody can ask for any more: old tasks, tokens and versions. Their times are checked when read. */
export function forgetOld(world: World, now: number): void {
  const { region, config } = world
  if (now < region.sweptAt + sweepEveryMs) return
  region.sweptAt = now
  forgetGone(region.addressHistory, now - config.historyMs)
  forgetGone(region.networkInterfaceHistory, now - config.historyMs)
  dropWhere(region.finishedTasks, (task) => task.at < now - config.taskMs)
  dropWhere(region.clientTokens, (token) => now >= token.at + config.clientTokenMs)
}

function dropWhere<T>(entries: Record<string, T>, isOld: (entry: T) => boolean): void {
  for (const [key, entry] of Object.entries(entries)) {
    if (isOld(entry)) delete entries[key]
  }
}
