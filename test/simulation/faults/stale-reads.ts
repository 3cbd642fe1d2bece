import type { Fault } from './fault.ts'

/** Lists of the cloud show a state that is some seconds old. */
export const staleReads: Fault = {
  name: 'stale reads',
  inStory({ stage, random }) {
    stage.cloud.configure({ staleReadMs: random.next() < 0.5 ? random.next() * 8_000 : 0 })
    return { calm: () => stage.cloud.configure({ staleReadMs: 0 }) }
  },
}
