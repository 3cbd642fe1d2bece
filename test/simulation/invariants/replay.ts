import { createMemoryModels, hashModels, replayLog } from '@pod-eip/read-models'
import type { Invariant } from './invariant.ts'

/** Folding the log from its start gives the same read models. */
export const replay: Invariant = {
  name: 'I7 replay',
  async atRest({ plane, say }) {
    const { world, folded } = await replayLog(plane.log, await plane.models.position())
    const again = await hashModels(createMemoryModels(() => folded, world))
    const live = await hashModels(plane.models)
    if (JSON.stringify(again) !== JSON.stringify(live)) say('I7', 'a replay gives other read models')
  },
}
