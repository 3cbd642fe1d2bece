import { type Claim, livePod, servedPod } from '../claim/claim.ts'
import type { EventStory } from './event-story.ts'
import type { Why } from './why.ts'
import { causeOf, nameOf, podName, reasonWord, refusalSentence } from './words.ts'

/**
 * What a Pod waits for whose predecessor, another Pod of its name, still has the EIP: it is unbound first and, unless
 * it is kept for the name, given back. `null` when no Pod waits for that.
 */
export function predecessorWhy(claim: Claim): Why | null {
  const pod = livePod(claim)
  if (!pod?.request || pod.terminating || claim.phase === 'Released') return null
  if (servedPod(claim) === null || claim.phase === 'Releasing') {
    return told(claim, `gets an EIP once ${itsEip(claim)} ${leaving(claim)}`)
  }
  const accepted = claim.judged?.podUid === pod.uid && claim.judged.accepted
  if (!accepted || claim.binding?.podUid === pod.uid) return null
  if (claim.phase === 'Binding' && claim.intent?.cancelled) {
    return told(claim, `gets the EIP once it is settled what became of ${cancelledBinding(claim)}`)
  }
  if (claim.phase !== 'Unbinding') return null
  return told(claim, `gets the EIP once ${itsEip(claim)} is unbound${from(claim)}`)
}

/** Told on the Pod when it begins to wait. */
export function predecessorStory(claim: Claim): EventStory | null {
  const why = predecessorWhy(claim)
  if (!why) return null
  return { type: 'Normal', reason: 'PredecessorLeaving', message: why.message, onPod: true, onClaim: false }
}

function told(claim: Claim, gets: string): Why {
  const { problem, phase } = claim
  const pod = `Pod ${podName(claim)}`
  if (!problem?.code) return { reason: 'PredecessorLeaving', message: `${pod} ${gets}.` }
  const what =
    phase === 'Releasing'
      ? 'could not be released yet'
      : phase === 'Binding'
        ? 'was being bound when it ended'
        : 'could not be unbound yet'
  return {
    reason: reasonWord(problem.code),
    message: refusalSentence(`${pod} waits for ${itsEip(claim)}, which ${what}`, problem),
  }
}

function itsEip({ address }: Claim): string {
  return address ? `${nameOf(address)} of its predecessor` : 'what its predecessor asked for'
}

/** What still has to happen to an EIP that the new Pod does not get; the end of a sentence. */
function leaving(claim: Claim): string {
  const { phase, address, binding, reclaim } = claim
  const back = address?.source === 'auto' ? 'released' : 'given back'
  if (phase === 'Releasing' && reclaim && reclaim !== 'PodEnded') {
    return `is ${back}, which goes on because ${causeOf(reclaim)}`
  }
  if (phase === 'Binding' && claim.intent?.cancelled) {
    return `is ${back}, after it is settled what became of ${cancelledBinding(claim)}`
  }
  return binding ? `is unbound${from(claim)} and ${back}` : `is ${back}`
}

/** It was under way when the Pod ended: the cloud may have bound the EIP all the same. */
function cancelledBinding({ binding }: Claim): string {
  const to = binding ? ` to ${binding.privateIp} on node ${binding.node}` : ''
  return `its binding${to}, which was called off`
}

function from({ binding }: Claim): string {
  return binding ? ` from ${binding.privateIp} on node ${binding.node}` : ''
}
