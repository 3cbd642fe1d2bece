import { KubeError } from '@pod-eip/kube'
import type { Fault } from './fault.ts'

const errors = {
  busy: () => new KubeError(429, 'TooManyRequests', 'too many requests, please try again later', 1),
  failing: () => new KubeError(500, 'InternalError', 'etcdserver: request timed out'),
  away: () => new KubeError(0, 'ConnectionReset', 'the connection was reset'),
  'away once it was done': () => new KubeError(0, 'ConnectionReset', 'the connection was reset'),
  expired: () => new KubeError(410, 'Expired', 'too old resource version'),
}
type Kind = keyof typeof errors
const ofCalls: Kind[] = ['busy', 'failing', 'away', 'away once it was done']
const ofWatches: Kind[] = ['away', 'expired']

/**
 * The API server fails, is busy, cuts watches, is silent in them for a while, and forgets the past that a watch wants
 * to go on from.
 */
export const apiServer: Fault = {
  name: 'API server',
  inStory({ rate, befalls, chance, stormy }) {
    const rates = new Map<string, number>()
    for (const kind of ofCalls) rates.set(kind, rate(kind, 0.1))
    for (const kind of ofWatches) rates.set(`${kind} in a watch`, rate(`${kind} in a watch`, 0.1))
    const silent = rate('silent in a watch', 0.3)
    return {
      callFate(call) {
        if (call.port !== 'cluster' || !stormy()) return null
        const watch = call.method === 'watch'
        const at = { name: call.name, call }
        for (const kind of watch ? ofWatches : ofCalls) {
          const what = watch ? `${kind} in a watch` : kind
          if (!befalls(`API server ${what}`, at, rates.get(what)!)) continue
          return { when: kind.endsWith('done') ? 'after' : 'before', error: errors[kind]() }
        }
        if (watch && befalls('API server silent in a watch', at, silent)) {
          return { when: 'after', late: chance(`silence ${call.name}`) * 60_000 }
        }
        return null
      },
    }
  },
}
