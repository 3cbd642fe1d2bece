import type { Random } from '@pod-eip/runtime'
import { reconcileDaemonSet } from '../daemon-set/reconcile-daemon-set.ts'
import { reconcileDeployment } from '../deployment/reconcile-deployment.ts'
import { reconcileReplicaSet } from '../deployment/reconcile-replica-set.ts'
import { expireEvent } from '../events/expire-event.ts'
import { reconcileJob } from '../job/reconcile-job.ts'
import type { KubeletConfig } from '../kubelet/config.ts'
import { registerNode, type SubnetConfig } from '../kubelet/register-node.ts'
import { isStopped, runPod } from '../kubelet/run-pod.ts'
import { watchNode } from '../node/lifecycle.ts'
import { collectPod } from '../node/pod-gc.ts'
import { evictByTaint } from '../node/taint-eviction.ts'
import { schedulePod } from '../scheduler/schedule-pod.ts'
import { nothing, type Plan } from '../shared/actions.ts'
import type {
  AnyObject,
  ControllerRevision,
  DaemonSet,
  Deployment,
  Job,
  Node,
  Pod,
  ReplicaSet,
  StatefulSet,
} from '../shared/objects.ts'
import { isTerminal } from '../shared/pod-state.ts'
import {
  controllerRevisions,
  daemonSets,
  deployments,
  events,
  jobs,
  nodes,
  pods,
  replicaSets,
  statefulSets,
} from '../shared/resources.ts'
import { ordinalOf } from '../stateful-set/pod-of-ordinal.ts'
import { reconcileStatefulSet } from '../stateful-set/reconcile.ts'
import { adoptions } from './adopt.ts'
import type { Network } from './network.ts'
import type { ObjectCache } from './object-cache.ts'

/** Who looks at what: the part of a work key before its object. */
export type ControllerName =
  | 'statefulset'
  | 'deployment'
  | 'replicaset'
  | 'daemonset'
  | 'job'
  | 'scheduler'
  | 'kubelet'
  | 'kubelet-node'
  | 'node-lifecycle'
  | 'taint-eviction'
  | 'pod-gc'
  | 'event-ttl'

export interface ControllersConfig extends SubnetConfig {
  kubelet: KubeletConfig
  /** From a kubelet's silence to a Node that is not ready. */
  nodeMonitorGraceMs: number
  /** From a Node's deletion to that of its Pods. */
  podGcDelayMs: number
  /** How long Events are kept. */
  eventTtlMs: number
}

export interface ControllersContext {
  cache: ObjectCache
  network: Network
  random: Random
  config: ControllersConfig
  /** Since when a key's object has been like this, as far as this process knows. Survives no restart. */
  since: Map<string, number>
}

/** Looks at one object of one controller: gathers what the rule needs and asks it. */
export function reconcile(
  controller: ControllerName,
  key: string,
  context: ControllersContext,
  now: number,
): Plan {
  const { cache, config, random } = context
  switch (controller) {
    case 'statefulset': {
      const set = cache.get<StatefulSet>(statefulSets, key)
      if (!set) return nothing
      const { uid } = set.metadata
      const adopted = [
        ...adoptions(
          cache,
          set,
          'StatefulSet',
          pods,
          (pod) => ordinalOf(set, pod as unknown as Pod) !== null,
        ),
        ...adoptions(cache, set, 'StatefulSet', controllerRevisions),
      ]
      if (adopted.length > 0) return { actions: adopted }
      const revisions = cache.ownedBy<ControllerRevision>(uid, controllerRevisions)
      return reconcileStatefulSet({ set, pods: cache.ownedBy<Pod>(uid, pods), revisions }, now)
    }
    case 'deployment': {
      const deployment = cache.get<Deployment>(deployments, key)
      if (!deployment) return nothing
      const adopted = adoptions(cache, deployment, 'Deployment', replicaSets)
      if (adopted.length > 0) return { actions: adopted }
      const owned = cache.ownedBy<ReplicaSet>(deployment.metadata.uid, replicaSets)
      const podsOfAll = owned.flatMap((set) => cache.ownedBy<Pod>(set.metadata.uid, pods))
      return reconcileDeployment({ deployment, replicaSets: owned, pods: podsOfAll }, now)
    }
    case 'replicaset': {
      const set = cache.get<ReplicaSet>(replicaSets, key)
      if (!set) return nothing
      const adopted = adoptions(cache, set, 'ReplicaSet', pods)
      if (adopted.length > 0) return { actions: adopted }
      return reconcileReplicaSet(set, cache.ownedBy<Pod>(set.metadata.uid, pods), now, random)
    }
    case 'daemonset': {
      const set = cache.get<DaemonSet>(daemonSets, key)
      if (!set) return nothing
      const adopted = adoptions(cache, set, 'DaemonSet', pods)
      if (adopted.length > 0) return { actions: adopted }
      const own = cache.ownedBy<Pod>(set.metadata.uid, pods)
      return reconcileDaemonSet(set, own, cache.list<Node>(nodes), now, random)
    }
    case 'job': {
      const job = cache.get<Job>(jobs, key)
      return job ? reconcileJob(job, cache.ownedBy<Pod>(job.metadata.uid, pods), now, random) : nothing
    }
    case 'scheduler': {
      const pod = cache.get<Pod>(pods, key)
      return pod ? schedulePod(pod, rooms(cache), now, random) : nothing
    }
    case 'kubelet': {
      const pod = cache.get<Pod>(pods, key)
      const node = cache.node(pod?.spec.nodeName)
      return pod && node ? runPod({ pod, node, inUse: context.network.inUse }, config.kubelet, now) : nothing
    }
    case 'kubelet-node': {
      const node = cache.get<Node>(nodes, key)
      return node ? registerNode(node, cache.list<Node>(nodes), config, now, random) : nothing
    }
    case 'node-lifecycle': {
      const node = cache.get<Node>(nodes, key)
      const silentSince = sinceWhen(
        context,
        `${controller} ${key}`,
        node !== undefined && isStopped(node),
        now,
      )
      return node ? watchNode(node, cache.podsOn(key), silentSince, config.nodeMonitorGraceMs, now) : nothing
    }
    case 'taint-eviction': {
      const pod = cache.get<Pod>(pods, key)
      const node = cache.node(pod?.spec.nodeName)
      return pod && node ? evictByTaint(pod, node, now) : nothing
    }
    case 'pod-gc': {
      const pod = cache.get<Pod>(pods, key)
      const node = cache.node(pod?.spec.nodeName)
      const orphan = pod?.spec.nodeName !== undefined && !node
      const since = sinceWhen(context, `${controller} ${key}`, orphan, now)
      return pod ? collectPod(pod, node, since, config.podGcDelayMs, now) : nothing
    }
    case 'event-ttl': {
      const event = cache.get<AnyObject>(events, key)
      return event ? expireEvent(event, config.eventTtlMs, now) : nothing
    }
  }
}

/** Every Node with the Pods that take up room on it. */
function rooms(cache: ObjectCache) {
  return cache.list<Node>(nodes).map((node) => ({
    node,
    pods: cache.podsOn(node.metadata.name).filter((pod) => !isTerminal(pod)),
  }))
}

function sinceWhen({ since }: ControllersContext, key: string, holds: boolean, now: number): number {
  if (!holds) since.delete(key)
  else if (!since.has(key)) since.set(key, now)
  return since.get(key) ?? now
}
