import type { Fault } from './fault.ts'

/** Every process is killed at the same instant. */
export const allKilled: Fault = {
  name: 'all killed',
  inStory: ({ plane, rate, count }) => ({
    strike: {
      probability: rate('all killed', 0.05),
      happen() {
        count('all killed')
        plane().killAll()
        return 'every process is killed'
      },
    },
  }),
}
