import type { Invariant } from './invariant.ts'

/** What one obstacle of one call may be told in a story of at most forty minutes: ever more rarely. */
const mostTellings = 10

/** I9: an obstacle that lasts is told again, and never as often as it is met. */
export const noFlood: Invariant = {
  name: 'I9 no flood',
  atRest({ events, say }) {
    const tellings = new Map<string, number>()
    for (const event of events) {
      if (event.type !== 'CloudCallDelayed') continue
      const what = `${event.data.claim}: ${event.data.code} of ${event.data.intentId}`
      tellings.set(what, (tellings.get(what) ?? 0) + 1)
    }
    for (const [what, count] of tellings) {
      if (count > mostTellings) say('I9', `${what} was told ${count} times`)
    }
  },
}
