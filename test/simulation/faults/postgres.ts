import type { Fault } from './fault.ts'

const ports = new Set(['log', 'checkpoints', 'projection', 'models', 'runs'])

/** Postgres refuses now and then, is away for a while, or does what it was asked and the answer is lost. */
export const postgres: Fault = {
  name: 'Postgres',
  inStory({ stage, random, stormy, count }) {
    const probability = random.next() < 0.5 ? random.next() ** 2 * 0.05 : 0
    let awayUntil = 0
    const error = () => Object.assign(new Error('terminating connection'), { code: '57P01' })
    return {
      strike: {
        probability: 0.01,
        happen() {
          awayUntil = stage.clock.now() + random.next() * 15_000
          return 'Postgres is away'
        },
      },
      callFate(_process, port) {
        if (!ports.has(port) || !stormy()) return null
        if (stage.clock.now() < awayUntil) {
          count('Postgres away')
          return { when: 'before', error: error() }
        }
        if (random.next() >= probability) return null
        const when = random.next() < 0.5 ? 'before' : 'after'
        count(`Postgres fails ${when} the commit`)
        return { when, error: error() }
      },
    }
  },
}
