import type { KubeObject } from '@pod-eip/kube'
import type { Column } from '../../store/resource-type.ts'
import { age, column, wide } from './column.ts'

interface ContainerStatus {
  ready?: boolean
  restartCount?: number
  state?: {
    waiting?: { reason?: string }
    terminated?: { reason?: string; exitCode?: number; signal?: number }
    running?: object
  }
}

export const podColumns: Column[] = [
  column(
    'Ready',
    (pod) => `${statuses(pod).filter(({ ready }) => ready).length}/${pod.spec.containers.length}`,
  ),
  column('Status', podStatusWord),
  column('Restarts', (pod) =>
    String(statuses(pod).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0)),
  ),
  age,
  wide('IP', ({ status }) => status?.podIP ?? null),
  wide('Node', ({ spec }) => spec.nodeName ?? null),
  wide('Nominated Node', ({ status }) => status?.nominatedNodeName ?? null),
  wide('Readiness Gates', readinessGates),
]

const statuses = ({ status }: KubeObject): ContainerStatus[] => status?.containerStatuses ?? []

/** What kubectl shows as a Pod's status: the most telling of its phase, reason and containers' states. */
function podStatusWord(pod: KubeObject): string {
  const { metadata, status = {} } = pod
  if (metadata.deletionTimestamp) return status.reason === 'NodeLost' ? 'Unknown' : 'Terminating'
  const initializing = initWord(pod)
  if (initializing) return initializing
  const told = statuses(pod)
    .toReversed()
    .map(containerWord)
    .find((word) => word !== undefined)
  const running = statuses(pod).some(({ ready, state }) => ready && state?.running)
  if (told === 'Completed' && running) return isReady(pod) ? 'Running' : 'NotReady'
  if (told) return told
  const gated = (status.conditions ?? []).find(
    ({ type, reason }: { type: string; reason?: string }) =>
      type === 'PodScheduled' && reason === 'SchedulingGated',
  )
  return gated ? 'SchedulingGated' : (status.reason ?? status.phase ?? 'Unknown')
}

function initWord({ spec, status }: KubeObject): string | undefined {
  const all: ContainerStatus[] = status?.initContainerStatuses ?? []
  const index = all.findIndex(({ state }) => state?.terminated?.exitCode !== 0)
  const current = all[index]
  if (!current || spec.initContainers?.[index]?.restartPolicy === 'Always') return undefined
  const waiting = current.state?.waiting?.reason
  if (current.state?.terminated || (waiting && waiting !== 'PodInitializing'))
    return `Init:${containerWord(current)}`
  return `Init:${index}/${spec.initContainers.length}`
}

function containerWord({ state }: ContainerStatus): string | undefined {
  if (state?.waiting?.reason) return state.waiting.reason
  if (!state?.terminated) return undefined
  const { reason, signal, exitCode } = state.terminated
  return reason ?? (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)
}

function isReady({ status }: KubeObject): boolean {
  return (status?.conditions ?? []).some(
    (c: { type: string; status: string }) => c.type === 'Ready' && c.status === 'True',
  )
}

function readinessGates({ spec, status }: KubeObject): string | null {
  const gates: { conditionType: string }[] = spec.readinessGates ?? []
  const conditions: { type: string; status: string }[] = status?.conditions ?? []
  const open = gates.filter((gate) =>
    conditions.some((c) => c.type === gate.conditionType && c.status === 'True'),
  )
  return gates.length === 0 ? null : `${open.length}/${gates.length}`
}
