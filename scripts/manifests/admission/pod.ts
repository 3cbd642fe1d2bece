import { annotationNames, defaultAnnotationDomain, superNodeDomain } from '@pod-eip/domain'
import { type Cel, text, type Variable } from './cel.ts'

/** What a Pod asks with, by the field of `PodRequest` that it becomes. */
export const asking = ['attributes', 'idList', 'deletePolicy', 'claimExpiredDuration'] as const
type Asking = (typeof asking)[number]

/** The part of an annotation's name behind the domain. */
const suffix = (field: Asking): string => annotationNames('')[field]

/**
 * The Pod, or what a workload makes Pods of. Objects are looked at without their types: one policy is about kinds
 * that have their Pods in different places.
 */
export const podOfAnyKind: Variable = { name: 'pod', expression: podIn('object') }

/** Variables about `pod`, as `domain` (POD_EIP_ANNOTATION_DOMAIN) lets it ask. */
export const podVariables: Variable[] = [
  {
    name: 'domains',
    // Super nodes have a domain of their own, which counts beside the default one and after it.
    expression: `variables.domain == ${text(defaultAnnotationDomain)} ? [variables.domain, ${text(superNodeDomain)}] : [variables.domain]`,
  },
  { name: 'annotations', expression: annotationsOf('variables.pod') },
  { name: 'hostNetwork', expression: hostNetworkOf('variables.pod') },
  ...(['attributes', 'idList'] as const).map((field) => ({
    name: `${field}Names`,
    expression: `variables.domains.map(d, d + ${text(suffix(field))}).filter(n, n in variables.annotations)`,
  })),
  {
    name: 'asks',
    expression: 'size(variables.attributesNames) > 0 || size(variables.idListNames) > 0',
  },
]

/** What the Pod says, and whether it said so before. */
export const wordVariables: Variable[] = [
  {
    name: 'attributes',
    expression:
      "size(variables.attributesNames) > 0 ? string(variables.annotations[variables.attributesNames[0]]) : ''",
  },
  {
    name: 'idList',
    expression:
      "size(variables.idListNames) > 0 ? string(variables.annotations[variables.idListNames[0]]) : ''",
  },
  {
    name: 'expiryNames',
    expression: `variables.domains.map(d, d + ${text(suffix('claimExpiredDuration'))}).filter(n, n in variables.annotations)`,
  },
  {
    name: 'expiry',
    expression:
      "size(variables.expiryNames) > 0 ? string(variables.annotations[variables.expiryNames[0]]) : ''",
  },
  { name: 'oldPod', expression: podIn('oldObject') },
  { name: 'oldAnnotations', expression: annotationsOf('variables.oldPod') },
  {
    name: 'saidBefore',
    expression: [
      "request.operation == 'UPDATE'",
      `variables.domains.all(d, [${asking.map((field) => text(suffix(field))).join(', ')}].all(n, ((d + n) in variables.annotations) == ((d + n) in variables.oldAnnotations) && (!((d + n) in variables.annotations) || variables.annotations[d + n] == variables.oldAnnotations[d + n])))`,
      `variables.hostNetwork == ${hostNetworkOf('variables.oldPod')}`,
    ].join(' && '),
  },
]

/** The Pod, or the template of Pods, in an object of one of the kinds that have one. */
function podIn(object: Cel): Cel {
  const whole = `dyn(${object})`
  return `request.kind.kind == 'Pod' ? ${whole} : request.kind.kind == 'CronJob' ? ${whole}.spec.jobTemplate.spec.template : ${whole}.spec.template`
}

function annotationsOf(pod: Cel): Cel {
  return `has(${pod}.metadata) && has(${pod}.metadata.annotations) ? ${pod}.metadata.annotations : dyn({})`
}

function hostNetworkOf(pod: Cel): Cel {
  return `(has(${pod}.spec) && has(${pod}.spec.hostNetwork) && ${pod}.spec.hostNetwork)`
}
