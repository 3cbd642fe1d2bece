import type { Fault } from './fault.ts'

/** Redis loses all that it holds. */
export const redisEmptied: Fault = {
  name: 'Redis emptied',
  inStory: ({ plane, rate, count }) => ({
    strike: {
      probability: rate('Redis emptied', 0.06),
      happen() {
        count('Redis emptied')
        plane().queue.empty()
        return 'Redis is emptied'
      },
    },
  }),
}
