import { type Action, nothing, type Plan, plan } from '../shared/actions.ts'
import { fnv1a, sameJson } from '../shared/json.ts'
import type { Node, Pod } from '../shared/objects.ts'
import { isTerminal, isTerminating } from '../shared/pod-state.ts'
import { pods as podResource } from '../shared/resources.ts'
import { parseDuration, parseTimestamp, timestamp } from '../shared/time.ts'
import { exitAfterAnnotation, exitCodeAnnotation, type KubeletConfig, kubeletAnnotation } from './config.ts'
import { freeIp, hostIpOf, nodeNetwork } from './node-network.ts'
import { kubeletStatus, type Progress } from './pod-status.ts'

/** A Pod that is bound to a Node, as the Node's kubelet sees it. */
export interface KubeletView {
  pod: Pod
  node: Node
  /** Whether a Pod holds this address. */
  inUse: (ip: string) => boolean
}

/**
 * What the kubelet does for a Pod next: starts it, reports it ready, lets it end. A Pod whose Node has
 * stopped answering stays as it is, Terminating included.
 */
export function runPod(view: KubeletView, config: KubeletConfig, now: number): Plan {
  const { pod, node } = view
  if (isStopped(node)) return nothing
  if (isTerminating(pod)) return terminatePod(view, config, now)
  if (isTerminal(pod)) return nothing
  const startedAt = runningSince(pod)
  return startedAt === null ? startPod(view, config, now) : watchPod(view, startedAt, config, now)
}

/** Whether the Node's kubelet is simulated as dead. */
export function isStopped(node: Node): boolean {
  return (node.metadata.annotations?.[kubeletAnnotation] ?? 'running') !== 'running'
}

function startPod(view: KubeletView, config: KubeletConfig, now: number): Plan {
  const { pod, node, inUse } = view
  const jitter = (fnv1a(pod.metadata.uid ?? pod.metadata.name) / 2 ** 32) * config.startJitterMs
  const due = (parseTimestamp(pod.status?.startTime) ?? now) + config.startMs + Math.floor(jitter)
  const creating = report(view, { stage: 'creating' }, now)
  if (now < due) return plan(creating, due)

  if (pod.spec.hostNetwork) {
    return { actions: report(view, running(pod, hostIpOf(node), timestamp(now), config), now) }
  }
  const network = nodeNetwork(node)
  const ip = network && freeIp(network, inUse)
  if (!ip) return plan([...creating, ...noAddress(pod, now, due)], now + sandboxRetryMs)
  return {
    actions: [
      { do: 'attachIp', pod, nodeName: node.metadata.name, ip },
      ...report(view, running(pod, ip, timestamp(now), config), now),
    ],
  }
}

// Kubelets retry a sandbox that the network refused with a back-off; its first steps are about this.
const sandboxRetryMs = 10_000

/** Told once, at the first attempt. */
function noAddress(pod: Pod, now: number, due: number): Action[] {
  if (now >= due + sandboxRetryMs) return []
  const message =
    'Failed to create pod sandbox: the network interface of the node has no free private IP address'
  return [
    {
      do: 'event',
      about: pod,
      type: 'Warning',
      reason: 'FailedCreatePodSandBox',
      message,
      source: 'kubelet',
    },
  ]
}

function watchPod(view: KubeletView, startedAt: number, config: KubeletConfig, now: number): Plan {
  const { pod } = view
  const ip = pod.status?.podIP ?? ''
  const exitAfter = parseDuration(pod.metadata.annotations?.[exitAfterAnnotation] ?? '')
  const exitAt = exitAfter === null ? null : startedAt + exitAfter
  if (exitAt !== null && exitAt <= now) return endContainers(view, startedAt, ip, config, now)
  const readyAt = startedAt + config.readyMs
  const progress: Progress = {
    stage: 'running',
    ip,
    startedAt: timestamp(startedAt),
    ready: readyAt <= now,
    restarts: restartsOf(pod),
  }
  return plan(report(view, progress, now), exitAt, readyAt > now ? readyAt : null)
}

function endContainers(
  view: KubeletView,
  startedAt: number,
  ip: string,
  config: KubeletConfig,
  now: number,
): Plan {
  const { pod } = view
  const exitCode = exitCodeOf(pod)
  const policy = pod.spec.restartPolicy ?? 'Always'
  if (policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)) {
    const again = { ...running(pod, ip, timestamp(now), config), restarts: restartsOf(pod) + 1, exitCode }
    return { actions: report(view, again, now) }
  }
  return { actions: [...report(view, ended(pod, startedAt, exitCode, now), now), released(pod)] }
}

function terminatePod(view: KubeletView, config: KubeletConfig, now: number): Plan {
  const { pod } = view
  const startedAt = runningSince(pod)
  const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000
  const asked = (parseTimestamp(pod.metadata.deletionTimestamp) ?? now) - graceMs
  const due = isTerminal(pod) || startedAt === null ? now : asked + Math.min(graceMs, config.terminationMs)
  if (now < due) return { actions: [], again: due }
  // With grace 0 and still here, it waits for its finalizers: the kubelet is done with it.
  if (isTerminal(pod) && graceMs === 0) return nothing
  const exitCode = startedAt === null ? 137 : 0
  const last = isTerminal(pod) ? [] : report(view, ended(pod, startedAt, exitCode, now), now)
  return {
    actions: [
      ...last,
      released(pod),
      { do: 'delete', resource: podResource, object: pod, gracePeriodSeconds: 0 },
    ],
  }
}

function running(
  pod: Pod,
  ip: string,
  startedAt: string,
  config: KubeletConfig,
): Extract<Progress, { stage: 'running' }> {
  return { stage: 'running', ip, startedAt, ready: config.readyMs === 0, restarts: restartsOf(pod) }
}

function ended(pod: Pod, startedAt: number | null, exitCode: number, now: number): Progress {
  return {
    stage: 'ended',
    startedAt: startedAt === null ? null : timestamp(startedAt),
    finishedAt: timestamp(now),
    exitCode,
    restarts: restartsOf(pod),
  }
}

function report({ pod, node }: KubeletView, progress: Progress, now: number): Action[] {
  const status = kubeletStatus(pod, progress, hostIpOf(node), timestamp(now))
  if (sameJson(status, pod.status)) return []
  return [{ do: 'updateStatus', resource: podResource, object: { ...pod, status } as Pod }]
}

function released(pod: Pod): Action {
  return { do: 'releaseIp', podUid: pod.metadata.uid ?? '' }
}

function runningSince(pod: Pod): number | null {
  return parseTimestamp(pod.status?.containerStatuses?.[0]?.state?.running?.startedAt)
}

function restartsOf(pod: Pod): number {
  return pod.status?.containerStatuses?.[0]?.restartCount ?? 0
}

function exitCodeOf(pod: Pod): number {
  return Number(pod.metadata.annotations?.[exitCodeAnnotation] ?? 0) || 0
}
