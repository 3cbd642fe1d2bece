import type { Intent } from '@pod-eip/domain'
import { allocate } from './steps/allocate.ts'
import { associate } from './steps/associate.ts'
import { disassociate } from './steps/disassociate.ts'
import { lookUp } from './steps/look-up.ts'
import { release } from './steps/release.ts'
import type { StepContext, StepResult } from './steps/step.ts'

/** One step of whatever the intent orders. */
export function takeStep(intent: Intent, context: StepContext): Promise<StepResult> {
  const { order } = intent
  switch (order.type) {
    case 'AllocationDecided':
      return allocate(order.data, context)
    case 'LookupDecided':
      return lookUp(order.data, context)
    case 'BindingDecided':
      return associate(order.data, context)
    case 'UnbindingDecided':
      return disassociate(order.data, context)
    case 'ReleaseDecided':
      return release(order.data, context)
  }
}
