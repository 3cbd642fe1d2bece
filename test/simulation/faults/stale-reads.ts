import type { Fault } from './fault.ts'

/** What a cloud like this shows can be so old all the time, in ms. */
const usualMs = 8_000
/** And so old for a while, when it is ill. */
const illMs = 60_000

/** Lists of the cloud show a state that is some seconds old, and at times one that is a minute old. */
export const staleReads: Fault = {
  name: 'stale reads',
  inStory({ stage, random, rate, isSo, count }) {
    const usual = random.next() * usualMs
    const always = isSo(`looks at the cloud show what was ${Math.ceil(usual / 1000)} s before`, 0.5)
      ? usual
      : 0
    stage.cloud.configure({ staleReadMs: always })
    let ill = 0
    return {
      strike: {
        probability: rate('ill', 0.06),
        happen(own) {
          const staleReadMs = own.next() * illMs
          const forMs = 20_000 + own.next() * illMs
          stage.cloud.configure({ staleReadMs })
          ill += 1
          const mine = ill
          stage.clock.after(forMs, () => {
            if (ill === mine) stage.cloud.configure({ staleReadMs: always })
          })
          count('looks at the cloud are old for a while')
          const [old, while_] = [staleReadMs, forMs].map((ms) => Math.ceil(ms / 1000))
          return `for ${while_} s looks at the cloud show what was ${old} s before`
        },
      },
      calm() {
        ill += 1
        stage.cloud.configure({ staleReadMs: 0 })
      },
    }
  },
}
