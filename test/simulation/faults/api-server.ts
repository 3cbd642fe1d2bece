import { KubeError } from '@pod-eip/kube'
import type { Fault } from './fault.ts'

/** The API server fails, is busy, cuts watches, and forgets the past that a watch wants to go on from. */
export const apiServer: Fault = {
  name: 'API server',
  inStory({ random, stormy, count }) {
    const probability = random.next() < 0.5 ? random.next() ** 2 * 0.1 : 0
    const errors = {
      busy: () => new KubeError(429, 'TooManyRequests', 'too many requests, please try again later', 1),
      failing: () => new KubeError(500, 'InternalError', 'etcdserver: request timed out'),
      away: () => new KubeError(0, 'ConnectionReset', 'the connection was reset'),
      expired: () => new KubeError(410, 'Expired', 'too old resource version'),
    }
    const pick = (kinds: (keyof typeof errors)[]) => kinds[Math.floor(random.next() * kinds.length)]!
    return {
      callFate(_process, port, method) {
        if (port !== 'cluster' || !stormy() || random.next() >= probability) return null
        const kind = pick(method === 'watch' ? ['away', 'expired'] : ['busy', 'failing', 'away'])
        count(`API server ${kind}${method === 'watch' ? ' in a watch' : ''}`)
        // What the server was busy with may have been done all the same.
        const done = kind === 'away' && method !== 'watch' && random.next() < 0.5
        return { when: done ? 'after' : 'before', error: errors[kind]() }
      },
    }
  },
}
