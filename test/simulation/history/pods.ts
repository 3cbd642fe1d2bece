import { pods } from '@pod-eip/kube'
import type { Act } from './act.ts'

const deletePod: Act = ({ stage, random, pick }) => {
  const pod = pick(stage.kube.list(pods, { namespace: 'default' }).items)
  if (!pod) return null
  const force = random.next() < 0.3
  stage.kube.delete(pods, 'default', pod.metadata.name, force ? { gracePeriodSeconds: 0 } : {})
  return `${force ? 'force-delete' : 'delete'} pod ${pod.metadata.name}`
}

const evictPod: Act = ({ stage, pick }) => {
  const running = stage.kube
    .list(pods, { namespace: 'default' })
    .items.filter((p) => p.status?.phase === 'Running')
  const pod = pick(running)
  if (!pod) return null
  const body = { status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' } }
  stage.kube.patch(pods, 'default', pod.metadata.name, { type: 'merge', body, subresource: 'status' })
  return `evict pod ${pod.metadata.name}`
}

/** Pods are deleted and evicted. */
export const podActs: readonly Act[] = [deletePod, evictPod]
