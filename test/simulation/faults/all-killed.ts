import type { Fault } from './fault.ts'

/** Every process is killed at the same instant. */
export const allKilled: Fault = {
  name: 'all killed',
  inStory: ({ plane }) => ({
    strike: {
      probability: 0.02,
      happen() {
        plane().killAll()
        return 'every process is killed'
      },
    },
  }),
}
