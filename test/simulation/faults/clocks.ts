import { database } from '../stage/control-plane.ts'
import type { Fault } from './fault.ts'

/** The furthest that a clock jumps, in ms. */
const furthestMs = 90_000

/**
 * Clocks are put right while all runs: forward or back, of the database, by whose time all go, or of a machine on
 * which one process runs. The process notices within a minute.
 */
export const clocks: Fault = {
  name: 'clocks',
  inStory({ plane, rate, count }) {
    return {
      strike: {
        probability: rate('jumps', 0.08),
        happen(random) {
          const names = plane().running()
          const ofDatabase = random.next() < 0.5
          const whose = ofDatabase ? database : names[Math.floor(random.next() * names.length)]
          if (whose === undefined) return null
          const ms = Math.round((random.next() * 2 - 1) ** 3 * furthestMs)
          plane().jump(whose, ms)
          count(
            `the clock of ${ofDatabase ? 'the database' : 'a machine'} jumps ${ms < 0 ? 'back' : 'forward'}`,
          )
          return `the clock of ${whose} jumps ${ms < 0 ? 'back' : 'forward'} by ${Math.abs(ms / 1000).toFixed(1)} s`
        },
      },
      calm: () => plane().setClocks(),
    }
  },
}
