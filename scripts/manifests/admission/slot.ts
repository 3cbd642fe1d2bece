import { annotationNames } from '@pod-eip/domain'
import { text, type Variable } from './cel.ts'

/**
 * Variables of the policy that adds the resource of an EIP slot, behind `domain` and those of the refusal:
 * `forgotSlot` holds for a Pod that asks for an EIP and for no slot, in none of its containers. One that pod-eip
 * refuses, such as for hostNetwork or a wrong annotation, gets no EIP: a slot would be reserved for nothing.
 */
export const slotVariables: Variable[] = [
  { name: 'slot', expression: `variables.domain + ${text(annotationNames('').resource)}` },
  {
    name: 'containers',
    expression:
      'variables.pod.spec.containers + (has(variables.pod.spec.initContainers) ? variables.pod.spec.initContainers : [])',
  },
  {
    name: 'hasSlot',
    expression:
      'variables.containers.exists(c, has(c.resources) && (has(c.resources.limits) && variables.slot in c.resources.limits || has(c.resources.requests) && variables.slot in c.resources.requests))',
  },
  { name: 'forgotSlot', expression: "variables.asks && !variables.hasSlot && variables.refusal == ''" },
]
