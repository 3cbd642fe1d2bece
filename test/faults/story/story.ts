import { expectWhole } from '../checks/expect-whole.ts'
import type { FaultStage } from '../fault-stage.ts'
import { createLane, type Lane } from './lane.ts'

/** After this, what the cloud shows of a binding is believed. */
const settledMs = 120_000

/** Claims that live and end, on several lanes at once. */
export interface Story {
  /** One round on each lane. */
  once(): Promise<void>
  /** Rounds on every lane until the condition holds, at least one. */
  roundsUntil(over: () => boolean): Promise<void>
  /** Rounds on every lane for as long as this goes on. @throws what it threw, or why a lane does not go on */
  during(act: () => Promise<void>): Promise<void>
  /** Rounds that came to their end. */
  rounds(): number
  /** Waits for rest, first with Pods and kept EIPs there, then with all of them gone. @throws what does not hold */
  end(): Promise<void>
}

export function createStory(stage: FaultStage, lanes: number): Story {
  const all: Lane[] = Array.from({ length: lanes }, (_, index) => createLane(stage, index))
  const listed = all.map((lane) => lane.listed)
  const onEach = async (act: (lane: Lane) => Promise<void>) => void (await Promise.all(all.map(act)))
  let rounds = 0
  const round = async (lane: Lane) => {
    await lane.round()
    rounds += 1
  }
  const roundsUntil = (over: () => boolean) =>
    onEach(async (lane) => {
      do await round(lane)
      while (!over())
    })
  return {
    once: () => onEach(round),
    rounds: () => rounds,
    roundsUntil,
    async during(act) {
      let over = false
      const telling = roundsUntil(() => over)
      try {
        await Promise.race([act(), telling])
      } finally {
        over = true
      }
      await telling
    },
    async end() {
      await stage.leap(settledMs)
      await onEach((lane) => lane.settle())
      await expectWhole(stage, listed)
      await stage.leap(settledMs)
      await onEach((lane) => lane.endPods())
      await onEach((lane) => lane.clear())
      await expectWhole(stage, listed)
    },
  }
}
