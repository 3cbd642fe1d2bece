import { fnv1a } from '../shared/json.ts'
import type { Condition, Container, ContainerStatus, Pod, PodStatus } from '../shared/objects.ts'
import { qosClass } from '../shared/pod-requests.ts'
import { condition, withCondition } from '../shared/pod-state.ts'

/** What a kubelet reports about one Pod's containers. */
export type Progress =
  | { stage: 'creating' }
  | { stage: 'running'; ip: string; startedAt: string; ready: boolean; restarts: number; exitCode?: number }
  | { stage: 'ended'; startedAt: string | null; finishedAt: string; exitCode: number; restarts: number }

/** The status that the kubelet of the Node at `hostIP` writes for a Pod in that stage. */
export function kubeletStatus(pod: Pod, progress: Progress, hostIP: string, at: string): PodStatus {
  const before = pod.status ?? {}
  const containers = pod.spec.containers.map((c) => containerStatus(pod, c, progress))
  const inits = (pod.spec.initContainers ?? []).map((c) => initContainerStatus(pod, c, progress, at))
  const status: PodStatus = {
    ...before,
    phase: phaseOf(progress),
    startTime: before.startTime ?? at,
    hostIP,
    hostIPs: [{ ip: hostIP }],
    qosClass: before.qosClass ?? qosClass(pod),
    conditions: conditionsOf(pod, progress, containers, at),
    containerStatuses: containers,
    ...(inits.length > 0 ? { initContainerStatuses: inits } : {}),
  }
  return progress.stage === 'running'
    ? { ...status, podIP: progress.ip, podIPs: [{ ip: progress.ip }] }
    : status
}

function phaseOf(progress: Progress): string {
  switch (progress.stage) {
    case 'creating':
      return 'Pending'
    case 'running':
      return 'Running'
    case 'ended':
      return progress.exitCode === 0 ? 'Succeeded' : 'Failed'
  }
}

function conditionsOf(pod: Pod, progress: Progress, containers: ContainerStatus[], at: string): Condition[] {
  const yes = (type: string): Condition => ({ type, status: 'True' })
  const no = (type: string, reason?: string, message?: string): Condition => ({
    type,
    status: 'False',
    ...(reason ? { reason } : {}),
    ...(message ? { message } : {}),
  })
  const ended = progress.stage === 'ended'
  const initialized =
    progress.stage === 'creating' && pod.spec.initContainers?.length
      ? no(
          'Initialized',
          'ContainersNotInitialized',
          `containers with incomplete status: [${pod.spec.initContainers.map((c) => c.name).join(' ')}]`,
        )
      : { ...yes('Initialized'), ...(ended ? { reason: 'PodCompleted' } : {}) }
  const unready = containers.filter((c) => !c.ready).map((c) => c.name)
  const containersReady = ended
    ? no('ContainersReady', progress.exitCode === 0 ? 'PodCompleted' : 'PodFailed')
    : unready.length > 0
      ? no('ContainersReady', 'ContainersNotReady', `containers with unready status: [${unready.join(' ')}]`)
      : yes('ContainersReady')
  const ready = containersReady.status === 'True' ? gatesReady(pod) : { ...containersReady, type: 'Ready' }

  return [
    progress.stage === 'running' ? yes('PodReadyToStartContainers') : no('PodReadyToStartContainers'),
    initialized,
    ready,
    containersReady,
    yes('PodScheduled'),
  ].reduce<Condition[]>((list, next) => withCondition(list, next, at), pod.status?.conditions ?? [])
}

/** Readiness gates belong to others: Ready only reads the conditions that they write. */
function gatesReady(pod: Pod): Condition {
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = condition(pod.status?.conditions, conditionType)
    if (!gate) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`]
    return gate.status === 'True'
      ? []
      : [`the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`]
  })
  return messages.length === 0
    ? { type: 'Ready', status: 'True' }
    : { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') }
}

function containerStatus(pod: Pod, container: Container, progress: Progress): ContainerStatus {
  const image = container.image ?? ''
  const before = pod.status?.containerStatuses?.find((c) => c.name === container.name)
  const base = { name: container.name, image, imageID: '', restartCount: 0, ready: false, started: false }
  switch (progress.stage) {
    case 'creating':
      return { ...base, state: { waiting: { reason: 'ContainerCreating' } } }
    case 'running': {
      const restarted = before !== undefined && progress.restarts > before.restartCount
      const terminated =
        restarted && before.state?.running
          ? {
              exitCode: progress.exitCode ?? 0,
              reason: progress.exitCode ? 'Error' : 'Completed',
              startedAt: before.state.running.startedAt,
              finishedAt: progress.startedAt,
            }
          : before?.lastState?.terminated
      return {
        ...base,
        imageID: image,
        containerID: containerId(pod, container, progress.restarts),
        restartCount: progress.restarts,
        ready: progress.ready,
        started: true,
        state: { running: { startedAt: progress.startedAt } },
        ...(terminated ? { lastState: { terminated } } : {}),
      }
    }
    case 'ended':
      return {
        ...base,
        imageID: before?.imageID ?? '',
        restartCount: progress.restarts,
        ...(before?.containerID ? { containerID: before.containerID } : {}),
        state: {
          terminated: {
            exitCode: progress.exitCode,
            reason: progress.exitCode === 0 ? 'Completed' : 'Error',
            startedAt: progress.startedAt ?? progress.finishedAt,
            finishedAt: progress.finishedAt,
          },
        },
      }
  }
}

function initContainerStatus(
  pod: Pod,
  container: Container,
  progress: Progress,
  at: string,
): ContainerStatus {
  const before = pod.status?.initContainerStatuses?.find((c) => c.name === container.name)
  if (before?.state?.terminated) return before
  const base = { name: container.name, image: container.image ?? '', imageID: '', restartCount: 0 }
  if (progress.stage === 'creating') {
    return { ...base, ready: false, started: false, state: { waiting: { reason: 'PodInitializing' } } }
  }
  const terminated = { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at }
  return { ...base, ready: true, started: false, state: { terminated } }
}

function containerId(pod: Pod, container: Container, restarts: number): string {
  const seed = `${pod.metadata.uid}/${container.name}/${restarts}`
  const words = Array.from({ length: 8 }, (_, i) => fnv1a(`${seed}/${i}`).toString(16).padStart(8, '0'))
  return `containerd://${words.join('')}`
}
