import { KubeError, type KubeObject } from '@pod-eip/kube'
import type { Fault } from './fault.ts'

/**
 * For a while the API server's lists of Pods lack some or all of those that the log knows, as after a restore of etcd.
 * One that nobody has seen yet is never left out: a watcher finds such a Pod with its next complete list, an hour on.
 */
export const lyingList: Fault = {
  name: 'lying list',
  inStory({ stage, plane, random, stormy, count }) {
    const probability = random.next() < 0.4 ? 0.03 : 0
    let until = 0
    let share = 0
    const isKnown = ({ metadata }: KubeObject) =>
      plane().models.world.claims.get(`${metadata.namespace}/${metadata.name}`)?.pod?.uid === metadata.uid
    return {
      strike: {
        probability,
        happen() {
          until = stage.clock.now() + random.next() * 90_000
          share = random.next() < 0.5 ? 0 : random.next()
          return `lists of Pods show ${share === 0 ? 'none' : `${Math.round(share * 100)} %`} of them`
        },
      },
      callFate(process, port, method, [resource]) {
        if (!process.startsWith('watcher') || port !== 'cluster') return null
        if (!stormy() || stage.clock.now() >= until) return null
        if (method === 'watch' && random.next() < 0.2) {
          return { when: 'before', error: new KubeError(410, 'Expired', 'too old resource version') }
        }
        if (method !== 'list' || (resource as { plural: string }).plural !== 'pods') return null
        count('list of Pods that lies')
        return {
          when: 'after',
          untrue(answer) {
            const list = answer as { items: KubeObject[] }
            return { ...list, items: list.items.filter((pod) => random.next() < share || !isKnown(pod)) }
          },
        }
      },
    }
  },
}
