import type { Random } from '@pod-eip/runtime'
import { ApiError } from '@pod-eip/simulators/kube'
import type { Stage } from '../stage/stage.ts'
import type { Act, Surroundings } from './act.ts'
import { claimActs } from './claims.ts'
import { foreignActs } from './foreign.ts'
import { listedActs } from './listed.ts'
import { nodeActs } from './nodes.ts'
import { podActs } from './pods.ts'
import { workloadActs } from './workloads.ts'

/** Everything that may happen to the cluster and around it; each act is as likely as any other. */
const acts: readonly Act[] = [
  ...workloadActs,
  ...podActs,
  ...claimActs,
  ...nodeActs,
  ...foreignActs,
  ...listedActs,
]

/** What people and machines do to the cluster while the story lasts. */
export interface History {
  /** The next thing that happens; returns it in words. */
  next(): string
}

export function createHistory(stage: Stage, random: Random): History {
  const surroundings: Surroundings = {
    stage,
    random,
    pick: (list) => list[Math.floor(random.next() * list.length)],
  }
  return {
    next() {
      const act = surroundings.pick(acts)!
      try {
        return act(surroundings) ?? 'nothing'
      } catch (error) {
        // The cluster may refuse, as it refuses people.
        if (error instanceof ApiError) return `refused: ${error.message}`
        throw error
      }
    },
  }
}
