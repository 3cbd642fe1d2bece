import type { CloudError } from '@pod-eip/cloud'
import { type Intent, newEvent } from '@pod-eip/domain'
import type { Random } from '@pod-eip/runtime'
import { backoffMs } from './backoff.ts'
import { again, type CloudWord, done, type StepResult } from './steps/step.ts'

/**
 * What an error of the cloud means for an intent. A terminal refusal of what was asked ends an allocation or a
 * binding; an unbinding or a release is never given up, because an address would be left behind.
 */
export function afterError(intent: Intent, error: CloudError, attempts: number, random: Random): StepResult {
  const word: CloudWord = { code: error.code, message: error.message, requestId: error.requestId }
  const delayMs = backoffMs(error.class, attempts, random)
  switch (error.class) {
    case 'retry-soon':
    case 'no-answer':
    case 'describe-again':
    case 'gone':
      return again(delayMs)
    case 'back-off':
      return again(delayMs, word)
    case 'terminal':
      if (mendedElsewhere(error.code)) return again(delayMs, word)
      return failedOutcome(intent, word) ?? again(delayMs, word)
  }
}

/**
 * A missing permission or a wrong key is mended in the account, not in the Pod: nothing that the claim could
 * notice. It is told, and tried again after a long while, so that Pods need not be made anew afterwards.
 */
function mendedElsewhere(code: string): boolean {
  return /^(UnauthorizedOperation|AuthFailure)/.test(code)
}

function failedOutcome(intent: Intent, word: CloudWord): StepResult | null {
  const { order } = intent
  const about = { claim: intent.claim, generation: intent.generation, intentId: intent.id, ...word }
  switch (order.type) {
    case 'AllocationDecided':
      return done(newEvent('AllocationFailed', about))
    case 'BindingDecided':
      return done(
        newEvent('BindingFailed', { ...about, addressId: order.data.addressId, node: order.data.node }),
      )
    case 'UnbindingDecided':
    case 'ReleaseDecided':
      return null
  }
}
