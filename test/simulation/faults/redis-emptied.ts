import type { Fault } from './fault.ts'

/**
 * Redis loses all that it holds; not while the log is an older one than there was and nobody has recovered it: then
 * its mark is all that holds the services back, and who restored the database has to know that it is gone, too.
 */
export const redisEmptied: Fault = {
  name: 'Redis emptied',
  inStory: ({ plane, rate, count }) => ({
    strike: {
      probability: rate('Redis emptied', 0.06),
      happen() {
        if (plane().wentBack()) return null
        count('Redis emptied')
        plane().emptyRedis()
        return 'Redis is emptied'
      },
    },
  }),
}
