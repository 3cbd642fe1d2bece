import type { Random } from '@pod-eip/runtime'
import { expect } from 'vitest'
import type { FaultStage } from '../fault-stage.ts'
import type { OwnStores } from '../own-stores.ts'
import type { FaultStores } from '../stores.ts'
import type { Story } from '../story/story.ts'

/** What can be done to stores. */
export type StoreMishap = Exclude<keyof OwnStores, keyof FaultStores>

/** Those of a row are of one kind. */
const mishaps: StoreMishap[][] = [
  ['emptyRedis', 'restartRedis'],
  ['restartPostgres', 'killPostgresBackend'],
  ['killPostgres'],
]

export const everyStoreMishap = mishaps.flat()

/** One of each kind. */
export function someStoreMishaps(random: Random): StoreMishap[] {
  return mishaps.map((row) => row[Math.floor(random.next() * row.length)]!)
}

/** Does it, and waits until the story has gone on. */
export async function harmStores(
  stage: Pick<FaultStage, 'eventually'>,
  story: Story,
  stores: OwnStores,
  mishap: StoreMishap,
): Promise<void> {
  const before = story.rounds()
  await stores[mishap]()
  await stage.eventually(
    () => expect([mishap, story.rounds()]).toEqual([mishap, expect.toSatisfy((now) => now > before + 1)]),
    300,
  )
}
