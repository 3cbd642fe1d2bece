import { KubeError, type KubeObject } from '@pod-eip/kube'
import type { Fault } from './fault.ts'

/**
 * For a while the API server's lists of Pods lack some or all of those that the log knows, as after a restore of etcd.
 * One that nobody has seen yet is never left out: a watcher finds such a Pod with its next complete list, an hour on.
 */
export const lyingList: Fault = {
  name: 'lying list',
  inStory({ stage, plane, rate, befalls, chance, stormy }) {
    let until = 0
    let share = 0
    const isKnown = ({ metadata }: KubeObject) =>
      plane().models.world.claims.get(`${metadata.namespace}/${metadata.name}`)?.pod?.uid === metadata.uid
    const isShown = (pod: KubeObject, name: string) =>
      chance(`${name} ${pod.metadata.name}`) < share || !isKnown(pod)
    return {
      strike: {
        probability: rate('lying list', 0.06),
        happen(random) {
          until = stage.clock.now() + random.next() * 90_000
          share = random.next() < 0.5 ? 0 : random.next()
          return `lists of Pods show ${share === 0 ? 'none' : `${Math.round(share * 100)} %`} of them`
        },
      },
      callFate(call) {
        const { service, port, method, name } = call
        if (service !== 'watcher' || port !== 'cluster') return null
        if (!stormy() || stage.clock.now() >= until) return null
        if (method === 'watch' && befalls('watch ended by a restore', { name, call }, 0.2)) {
          return { when: 'before', error: new KubeError(410, 'Expired', 'too old resource version') }
        }
        if (method !== 'list' || (call.args[0] as { plural: string }).plural !== 'pods') return null
        if (!befalls('list of Pods that lies', { name, call }, 1)) return null
        return {
          when: 'after',
          untrue(answer) {
            const list = answer as { items: KubeObject[] }
            return { ...list, items: list.items.filter((pod) => isShown(pod, name)) }
          },
        }
      },
    }
  },
}
