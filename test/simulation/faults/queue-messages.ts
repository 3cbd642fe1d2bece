import { expireAction } from '@pod-eip/queue'
import type { Fault } from './fault.ts'

/** Jobs of the queue are lost, doubled, late or overtaken by others, and Redis refuses, or takes half of a batch. */
export const queueMessages: Fault = {
  name: 'queue messages',
  inStory({ stage, rate, befalls, chance, stormy, count }) {
    const kinds = ['lost', 'doubled', 'late'] as const
    const rates = new Map(kinds.map((kind) => [kind, rate(`job ${kind}`, 0.15)]))
    // Of these there are few, and each is heard of minutes later.
    const alarmLost = rate('alarm lost', 0.8)
    const half = rate('half of a batch enqueued', 0.3)
    const refused = rate('Redis refuses', 0.05)
    const lostAnswer = rate('Redis does it and the answer is lost', 0.05)
    const error = () => new Error('Connection is closed.')
    let awayUntil = 0
    return {
      strike: {
        probability: rate('Redis away', 0.05),
        happen(random) {
          const ms = random.next() ** 2 * 60_000
          awayUntil = stage.clock.now() + ms
          count('Redis away')
          return `Redis is away for ${Math.ceil(ms / 1000)} s`
        },
      },
      jobFate({ action, claim }, name) {
        if (!stormy()) return null
        const at = { name, claims: () => [claim] }
        if (action === expireAction && befalls('alarm lost', at, alarmLost)) return { kind: 'lost' }
        const kind = kinds.find((k) => befalls(`job ${k}`, at, rates.get(k)!))
        if (kind === undefined) return null
        return kind === 'late' ? { kind, ms: chance(`${name} ${action}`) * 20_000 } : { kind }
      },
      callFate(call) {
        if (!['queue', 'turn', 'mark'].includes(call.port) || !stormy()) return null
        if (stage.clock.now() < awayUntil) return { when: 'before', error: error() }
        const at = { name: call.name, call }
        const [jobs] = call.args
        const many = call.method === 'enqueue' && Array.isArray(jobs) && jobs.length > 1
        if (many && befalls('half of a batch enqueued', at, half)) {
          return { when: 'half', args: [jobs.slice(0, Math.ceil(jobs.length / 2))], error: error() }
        }
        if (befalls('Redis refuses', at, refused)) return { when: 'before', error: error() }
        if (befalls('Redis does it and the answer is lost', at, lostAnswer)) {
          return { when: 'after', error: error() }
        }
        return null
      },
    }
  },
}
