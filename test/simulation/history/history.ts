import type { Random } from '@pod-eip/runtime'
import { ApiError } from '@pod-eip/simulators/kube'
import type { ControlPlane } from '../stage/control-plane.ts'
import type { Stage } from '../stage/stage.ts'
import type { Act, Surroundings } from './act.ts'
import { claimActs } from './claims.ts'
import { foreignActs } from './foreign.ts'
import { listedActs } from './listed.ts'
import { nodeActs } from './nodes.ts'
import { operationActs } from './operations.ts'
import { pickBy } from './pick.ts'
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
  ...operationActs,
]

/** What people and machines do to the cluster while the story lasts. */
export interface History {
  /** The next thing that happens, by draws of the moment's own; returns it in words, `null` when it came to nothing. */
  next(random: Random): string | null
}

export function createHistory(stage: Stage, plane: ControlPlane): History {
  return {
    next(random) {
      const surroundings: Surroundings = {
        stage,
        plane,
        random,
        pick: (list) => pickBy(random.next(), list),
        later: (ms, what) => void stage.clock.after(ms, () => unlessRefused(what)),
      }
      const act = acts[Math.floor(random.next() * acts.length)]!
      return unlessRefused(() => act(surroundings))
    },
  }
}

/** The cluster may refuse, as it refuses people. */
function unlessRefused<T>(what: () => T): T | string {
  try {
    return what()
  } catch (error) {
    if (error instanceof ApiError) return `refused: ${error.message}`
    throw error
  }
}
