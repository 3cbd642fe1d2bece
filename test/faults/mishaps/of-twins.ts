import { expect } from 'vitest'
import type { Story } from '../story/story.ts'
import type { WiredStage } from './of-connections.ts'

/** Services of which two may run at once, and each believes that it is the only one. */
export const twins = ['projector', 'watcher', 'worker', 'publisher'] as const

/** Of each two one is cut off from Postgres without a word and the other killed, and both come back with what they believed. */
export async function loseTwins(stage: WiredStage, story: Story): Promise<void> {
  const before = story.rounds()
  for (const service of twins) {
    const [first, second] = stage.processes.filter((process) => process.service === service)
    first!.wires.wires.postgres.suffer('stall')
    second!.kill()
  }
  await stage.eventually(() => expect(story.rounds()).toBeGreaterThan(before + 1), 300)
}
