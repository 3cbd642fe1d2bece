import type { Random } from '@pod-eip/runtime'
import { quantity } from '../../resources/quantity.ts'
import { nothing, type Plan } from '../shared/actions.ts'
import type { Pod } from '../shared/objects.ts'
import { podRequests } from '../shared/pod-requests.ts'
import {
  condition,
  controllerRef,
  isTerminal,
  isTerminating,
  objectKey,
  withCondition,
} from '../shared/pod-state.ts'
import { pods as podResource } from '../shared/resources.ts'
import { timestamp } from '../shared/time.ts'
import { explainRefusals } from './explain.ts'
import { type NodeRoom, type Refusal, refusal, usedResources } from './filter.ts'

/** Whether the scheduler has to find a Node for the Pod. */
export function awaitsScheduling(pod: Pod): boolean {
  return !pod.spec.nodeName && !isTerminal(pod) && !isTerminating(pod)
}

/**
 * Binds the Pod to the best Node that can take it, or says why none can. Pods of one owner are spread
 * first, then the emptiest Node is taken; `random` decides between equals.
 */
export function schedulePod(pod: Pod, rooms: NodeRoom[], now: number, random: Random): Plan {
  if (!awaitsScheduling(pod)) return nothing
  if (pod.spec.schedulingGates?.length) {
    return refuse(pod, 'SchedulingGated', 'Scheduling is blocked due to non-empty scheduling gates', now)
  }
  const refusals: Refusal[] = []
  const fitting: NodeRoom[] = []
  for (const room of rooms) {
    const refused = refusal(pod, room)
    if (refused) refusals.push(refused)
    else fitting.push(room)
  }
  if (fitting.length === 0) return refuse(pod, 'Unschedulable', explainRefusals(refusals), now)

  const nodeName = choose(pod, fitting, random).node.metadata.name
  const message = `Successfully assigned ${objectKey(pod)} to ${nodeName}`
  return {
    actions: [
      { do: 'bind', pod, nodeName },
      { do: 'event', about: pod, type: 'Normal', reason: 'Scheduled', message, source: 'default-scheduler' },
    ],
  }
}

/** Says so once: the same refusal is neither written nor told again. */
function refuse(pod: Pod, reason: string, message: string, now: number): Plan {
  const before = condition(pod.status?.conditions, 'PodScheduled')
  if (before?.status === 'False' && before.reason === reason && before.message === message) return nothing
  const scheduled = { type: 'PodScheduled', status: 'False', reason, message }
  const conditions = withCondition(pod.status?.conditions, scheduled, timestamp(now))
  const status = { ...pod.status, phase: pod.status?.phase ?? 'Pending', conditions }
  const update = { do: 'updateStatus', resource: podResource, object: { ...pod, status } as Pod } as const
  if (reason === 'SchedulingGated') return { actions: [update] }
  return {
    actions: [
      update,
      {
        do: 'event',
        about: pod,
        type: 'Warning',
        reason: 'FailedScheduling',
        message,
        source: 'default-scheduler',
      },
    ],
  }
}

function choose(pod: Pod, rooms: NodeRoom[], random: Random): NodeRoom {
  const owner = controllerRef(pod)?.uid
  const scored = rooms.map((room) => ({
    room,
    siblings: owner === undefined ? 0 : room.pods.filter((p) => controllerRef(p)?.uid === owner).length,
    load: load(pod, room),
  }))
  scored.sort((a, b) => a.siblings - b.siblings || a.load - b.load)
  const best = scored.filter((s) => s.siblings === scored[0]!.siblings && s.load === scored[0]!.load)
  return best[Math.floor(random.next() * best.length)]!.room
}

/** The mean share of the Node's resources, of those that the Pod asks for, that is taken already. */
function load(pod: Pod, room: NodeRoom): number {
  const used = usedResources(room.pods)
  const shares = [...podRequests(pod).keys()].map(
    (name) => (used.get(name) ?? 0) / (quantity(room.node.status?.allocatable?.[name]) || 1),
  )
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}
