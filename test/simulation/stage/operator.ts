import { type GuardName, guardNames, splitClaimKey } from '@pod-eip/domain'
import { runCli } from '@pod-eip/eipctl'
import { pods } from '@pod-eip/kube'
import type { ControlPlane } from './control-plane.ts'
import type { Stage } from './stage.ts'

/** Somebody who looks at the guard, and at the cluster itself before he says a word. */
export interface Operator {
  /** Answers what can be answered truly, by `eipctl`; in words. */
  answer(): Promise<string[]>
}

export function createOperator(stage: Stage, plane: ControlPlane): Operator {
  function lives(claim: string): boolean {
    const { namespace, name } = splitClaimKey(claim)
    const uid = plane.models.world.claims.get(claim)?.pod?.uid
    const pod = stage.kube.list(pods, { namespace }).items.find((p) => p.metadata.name === name)
    return pod?.metadata.uid === uid && !['Succeeded', 'Failed'].includes(pod?.status?.phase)
  }

  async function word(guard: GuardName): Promise<string | null> {
    const { held } = await plane.models.guard(guard)
    if (held.length === 0) return null
    const living = guard === 'absence' ? held.filter(({ claim }) => lives(claim)).length : 0
    // Where some live and some do not, the next list tells them apart.
    if (living > 0 && living < held.length) return null
    const verb = living > 0 ? 'deny' : 'confirm'
    const told: string[] = []
    await runCli(['guard', verb, guard, '--by', 'operator'], {
      open: async () => ({ log: plane.log, readModels: plane.models, close: async () => {} }),
      environment: () => ({}),
      user: () => 'operator',
      now: () => stage.clock.now(),
      out: (line) => void told.push(line),
      err: (line) => void told.push(line),
      signal: AbortSignal.abort(),
    })
    return `eipctl guard ${verb} ${guard}: ${told.join(' ')}`
  }

  return {
    async answer() {
      const words = await Promise.all(guardNames.map(word))
      return words.filter((text) => text !== null)
    },
  }
}
