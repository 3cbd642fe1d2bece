import { type GuardName, guardNames, splitClaimKey, surveyStream } from '@pod-eip/domain'
import { runCli } from '@pod-eip/eipctl'
import { pods } from '@pod-eip/kube'
import type { ControlPlane } from './control-plane.ts'
import { region, type Stage } from './stage.ts'

/** Somebody who looks at the guard, and at cluster and cloud themselves before he says a word. */
export interface Operator {
  /** Answers what can be answered truly, by `eipctl`; in words. */
  answer(): Promise<string[]>
}

export function createOperator(stage: Stage, plane: ControlPlane): Operator {
  function lives(claim: string): boolean {
    const { namespace, name } = splitClaimKey(claim)
    const uid = plane.models.world.claims.get(claim)?.pod?.uid
    const pod = stage.kube.list(pods, { namespace }).items.find((p) => p.metadata.name === name)
    return (
      pod !== undefined && pod.metadata.uid === uid && !['Succeeded', 'Failed'].includes(pod.status?.phase)
    )
  }

  async function word(guard: GuardName): Promise<string | null> {
    const { held } = await plane.models.guard(guard)
    if (held.length === 0) return null
    const living = guard === 'absence' ? held.filter(({ claim }) => lives(claim)).length : 0
    // Where some live and some do not, the next list tells them apart.
    if (living > 0 && living < held.length) return null
    const verb = living > 0 ? 'deny' : 'confirm'
    return say('guard', verb, guard)
  }

  /** Has EIPs that are gone in truth believed to be, however few may be missing at once. */
  async function confirmGone(): Promise<string | null> {
    const there = new Set(
      stage.cloud
        .region({ region })
        .addresses()
        .map(({ addressId }) => addressId),
    )
    const claims = [...plane.models.world.claims.values()]
    const gone = claims.some(
      ({ phase, address }) => phase !== 'Released' && address && !there.has(address.id),
    )
    const [last] = await plane.log.readStream(surveyStream, { backwards: true, limit: 1 })
    if (!gone || last?.type === 'SurveyRequested') return null
    return say('survey', '--confirm-gone', '--wait', '0')
  }

  async function say(...words: string[]): Promise<string> {
    const told: string[] = []
    await runCli([...words, '--by', 'operator'], {
      open: async () => ({ log: plane.log, readModels: plane.models, close: async () => {} }),
      environment: () => ({}),
      user: () => 'operator',
      now: () => stage.clock.now(),
      out: (line) => void told.push(line),
      err: (line) => void told.push(line),
      signal: AbortSignal.abort(),
    })
    return `eipctl ${words.join(' ')}: ${told.join(' ')}`
  }

  return {
    async answer() {
      const words = [...(await Promise.all(guardNames.map(word))), await confirmGone()]
      return words.filter((text) => text !== null)
    },
  }
}
