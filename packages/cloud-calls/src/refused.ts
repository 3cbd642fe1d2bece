import type { CloudError } from '@pod-eip/cloud'
import { type Intent, isInstanceQuota, isMendedInAccount, newEvent } from '@pod-eip/domain'
import type { Random } from '@pod-eip/runtime'
import { backoffMs, longestWaitMs } from './backoff.ts'
import { again, type CloudWord, done, type StepResult } from './steps/step.ts'

/** So many failures in a row pass without a word: a cloud that is busy for a moment is no news. */
const patience = 5

/**
 * What an error of the cloud means for an intent. A terminal refusal of what was asked ends an allocation, a
 * look-up or a binding; an unbinding or a release is never given up, because an address would be left behind.
 * @param failures steps of this intent that failed in a row before this one
 */
export function afterError(intent: Intent, error: CloudError, failures: number, random: Random): StepResult {
  const word: CloudWord = { code: error.code, message: error.message, requestId: error.requestId }
  const delayMs = backoffMs(error.class, failures, random)
  const tellAgain = () => again(delayMs, word, longestWaitMs(error.class))
  switch (error.class) {
    case 'retry-soon':
    case 'no-answer':
    case 'describe-again':
    case 'gone':
      return failures >= patience ? tellAgain() : again(delayMs)
    case 'back-off':
      // The node's queue waits for room, and gives its turn to the one who waited longest.
      if (isInstanceQuota(error.code)) return failedOutcome(intent, word) ?? tellAgain()
      return tellAgain()
    case 'terminal':
      if (isMendedInAccount(error.code)) return tellAgain()
      return failedOutcome(intent, word) ?? tellAgain()
  }
}

function failedOutcome(intent: Intent, word: CloudWord): StepResult | null {
  const { order } = intent
  const about = { claim: intent.claim, generation: intent.generation, intentId: intent.id, ...word }
  switch (order.type) {
    case 'AllocationDecided':
      return done(
        ...intent.members
          .filter((member) => !member.done)
          .map(({ claim, generation }) => newEvent('AllocationFailed', { ...about, claim, generation })),
      )
    case 'LookupDecided':
      return done(newEvent('LookupFailed', about))
    case 'BindingDecided':
      return done(
        newEvent('BindingFailed', { ...about, addressId: order.data.addressId, node: order.data.node }),
      )
    case 'UnbindingDecided':
    case 'ReleaseDecided':
      return null
  }
}
