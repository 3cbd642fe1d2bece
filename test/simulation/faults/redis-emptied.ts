import type { Fault } from './fault.ts'

/** Redis loses all that it holds. */
export const redisEmptied: Fault = {
  name: 'Redis emptied',
  inStory: ({ plane }) => ({
    strike: {
      probability: 0.02,
      happen() {
        plane().queue.empty()
        return 'Redis is emptied'
      },
    },
  }),
}
