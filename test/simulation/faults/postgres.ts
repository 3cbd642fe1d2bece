import type { Fault } from './fault.ts'

const ports = new Set(['log', 'checkpoints', 'projection', 'models', 'runs'])

/** Postgres refuses now and then, is away for a while, or does what it was asked and the answer is lost. */
export const postgres: Fault = {
  name: 'Postgres',
  inStory({ stage, rate, befalls, stormy, count }) {
    const rates = { before: rate('before the commit', 0.05), after: rate('after the commit', 0.05) }
    let awayUntil = 0
    const error = () => Object.assign(new Error('terminating connection'), { code: '57P01' })
    return {
      strike: {
        probability: rate('away', 0.05),
        happen(random) {
          const ms = random.next() ** 2 * 60_000
          awayUntil = stage.clock.now() + ms
          count('Postgres away')
          return `Postgres is away for ${Math.ceil(ms / 1000)} s`
        },
      },
      callFate(call) {
        if (!ports.has(call.port) || !stormy()) return null
        if (stage.clock.now() < awayUntil) return { when: 'before', error: error() }
        for (const when of ['before', 'after'] as const) {
          if (befalls(`Postgres fails ${when} the commit`, { name: call.name, call }, rates[when])) {
            return { when, error: error() }
          }
        }
        return null
      },
    }
  },
}
