import { systemClock } from '@pod-eip/runtime'
import { expect } from 'vitest'
import type { Scene } from './scene.ts'

/** Long enough for the third correction, which comes after 3 s, on a busy machine. */
const longestFightMs = 60_000
const betweenMs = 100

/**
 * Another writer who writes the same field again ten times a second, as a GitOps tool does that heals what it manages.
 * Returns how often the publisher may have corrected him by then: the waits double from one second.
 */
export async function fight(
  scene: Scene,
  { strike, until }: { strike: () => Promise<unknown>; until: () => Promise<boolean> },
): Promise<{ mostCorrections: number; strikes: number }> {
  const began = systemClock.now()
  let strikes = 0
  while (!(await until())) {
    await strike()
    strikes += 1
    expect(systemClock.now() - began, `${scene.name}: nobody gave in`).toBeLessThan(longestFightMs)
    await systemClock.sleep(betweenMs)
  }
  const seconds = (systemClock.now() - began) / 1000
  return { mostCorrections: Math.floor(Math.log2(seconds + 1)) + 2, strikes }
}

/** What Events tell of other writers. */
export async function told(scene: Pick<Scene, 'stage'>, name: string): Promise<string[]> {
  const all = await scene.stage.eventsOf(name)
  return all.filter((event) => /ChangeUndone|FieldsDisputed/.test(event))
}
