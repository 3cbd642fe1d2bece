import { annotationNames } from '@pod-eip/domain'
import { text, type Variable } from './cel.ts'
import { podVariables } from './pod.ts'

/**
 * Variables of the policy that adds the resource of an EIP slot, behind `domain`: `forgotSlot` holds for a Pod that
 * asks for an EIP and for no slot, in none of its containers. One that uses hostNetwork gets no EIP and needs none.
 */
export const slotVariables: Variable[] = [
  { name: 'pod', expression: 'dyn(object)' },
  ...podVariables,
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
  { name: 'forgotSlot', expression: 'variables.asks && !variables.hostNetwork && !variables.hasSlot' },
]
