import type { PodRequest } from '@pod-eip/domain'
import type { CompleteList, ListWatchEvent } from '@pod-eip/kube'
import type { SeenPod } from '../../src/project/project-pod.ts'

/** What somebody does to the Pod of a name; whatever does not fit its state does nothing. */
export type Deed =
  | { do: 'create'; name: number; asks: boolean }
  | { do: 'annotate'; name: number; request: PodRequest | null }
  | { do: 'schedule' | 'start' | 'touch' | 'delete' | 'remove'; name: number }
  | { do: 'finish'; name: number; as: 'Succeeded' | 'Evicted' }

type Frame = Pick<ListWatchEvent<SeenPod>, 'type' | 'object'>

/** A cluster's Pods through time: every change has a resourceVersion, and any moment can be looked at again. */
export function podHistory() {
  const frames: Frame[] = []
  const versionOf = (frame: Frame) => Number(frame.object.resourceVersion)
  const firstVersion = 8
  const head = () => firstVersion + frames.length

  /** Pods that existed at a resourceVersion, by claim. */
  function podsAt(version: number): Map<string, SeenPod> {
    const pods = new Map<string, SeenPod>()
    for (const { type, object } of frames.filter((frame) => versionOf(frame) <= version)) {
      if (type === 'DELETED') pods.delete(object.claim)
      else pods.set(object.claim, object)
    }
    return pods
  }

  function change(type: Frame['type'], pod: SeenPod): void {
    frames.push({ type, object: { ...pod, resourceVersion: String(head() + 1) } })
  }

  return {
    head,
    podsAt,
    happen(deed: Deed) {
      const claim = `default/web-${deed.name}`
      const pod = podsAt(head()).get(claim)
      if (deed.do === 'create') {
        if (pod) return
        change('ADDED', {
          ...{ claim, uid: `uid-${head()}`, resourceVersion: '', hostNetwork: false, node: null },
          ...{
            privateIp: null,
            controller: null,
            terminating: false,
            createdAt: '2026-01-01T00:00:00Z',
            end: null,
          },
          request: deed.asks ? { attributes: '{}' } : null,
        })
        return
      }
      if (!pod) return
      switch (deed.do) {
        case 'annotate':
          return change('MODIFIED', { ...pod, request: deed.request })
        case 'schedule':
          return change('MODIFIED', { ...pod, node: 'n1' })
        case 'start':
          return change('MODIFIED', { ...pod, node: 'n1', privateIp: `10.0.0.${head()}` })
        case 'touch':
          return change('MODIFIED', pod)
        case 'finish':
          return change('MODIFIED', { ...pod, end: { reason: deed.as } })
        case 'delete':
          return change('MODIFIED', { ...pod, terminating: true })
        case 'remove':
          return change('DELETED', pod)
      }
    },
    /** What a watch brings after a resourceVersion, at most so many. */
    framesAfter: (version: number, limit: number) =>
      frames.filter((frame) => versionOf(frame) > version).slice(0, limit),
    list: (): CompleteList<SeenPod> => ({
      items: [...podsAt(head()).values()],
      resourceVersion: String(head()),
    }),
    /** Whether the Pod could still run. */
    lives: (uid: string) => [...podsAt(head()).values()].some((pod) => pod.uid === uid && pod.end === null),
  }
}
