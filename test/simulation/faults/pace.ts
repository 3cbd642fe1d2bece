import type { Fault } from './fault.ts'

/**
 * Processes stand still for a while, as under a debugger, a full disk or a long collection of garbage, and go on as if
 * nothing had been; or all that they do takes long. Whose turn it is to be the slowest changes at some moments of a
 * story: as with the priorities of probabilistic concurrency testing (PCT) it takes few such changes, at the right
 * moments, to bring any order of things that few processes can bring about.
 */
export const pace: Fault = {
  name: 'pace',
  inStory({ plane, rate, count }) {
    const freezing = rate('frozen', 0.1)
    const slowing = rate('slow', 0.1)
    return {
      strike: {
        probability: freezing + slowing,
        happen(random) {
          const names = plane().running()
          const name = names[Math.floor(random.next() * names.length)]
          if (name === undefined) return null
          if (random.next() * (freezing + slowing) < freezing) {
            const ms = 2_000 + random.next() ** 2 * 58_000
            plane().freeze(name, ms)
            count('a process stands still')
            return `${name} stands still for ${Math.ceil(ms / 1000)} s`
          }
          const longestMs = 1_000 + random.next() ** 2 * 7_000
          plane().slow(name, longestMs)
          count('a process becomes the slowest')
          return `from now on ${name} is the slowest: each of its calls takes up to ${Math.ceil(longestMs / 1000)} s more`
        },
      },
      calm: () => plane().slow(null, 0),
    }
  },
}
