import type { Cluster, KubeObject, Resource } from '@pod-eip/kube'
import { type Finding, finding } from './check.ts'

const eipClaims = 'eipclaims.networking.tke.cloud.tencent.com'
const definitions = 'customresourcedefinitions.apiextensions.k8s.io'
const verbs = (names: string, resource: string) => names.split(' ').map((verb) => `${verb} ${resource}`)

/** What watcher and publisher cannot do without, as `verb resource.group/subresource`. */
export const neededRights = {
  watcher: [
    ...verbs('get list watch', 'pods'),
    ...verbs('list watch', 'nodes'),
    ...verbs('get', 'namespaces'),
    ...verbs('list watch', eipClaims),
    ...verbs('get', definitions),
  ],
  publisher: [
    ...verbs('list watch patch', 'pods'),
    ...verbs('patch', 'pods/status'),
    ...verbs('list watch', 'nodes'),
    ...verbs('patch', 'nodes/status'),
    ...verbs('create', 'events'),
    ...verbs('get', 'namespaces'),
    ...verbs('get list watch create patch delete', eipClaims),
    ...verbs('patch', `${eipClaims}/status`),
    ...verbs('get list watch', definitions),
  ],
} as const

const reviews: Resource = {
  ...{ group: 'authorization.k8s.io', version: 'v1', namespaced: false },
  ...{ plural: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
}

const accessReviews: Resource = {
  ...reviews,
  ...{ plural: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
}

/** Whether the token in use may list a resource of the core group in all namespaces, by what the API server says. */
export async function mayList(cluster: Cluster, resource: string): Promise<boolean> {
  const resourceAttributes = { verb: 'list', resource }
  const asked = { metadata: {}, spec: { resourceAttributes } } as unknown as KubeObject
  return (await cluster.create(accessReviews, asked)).status?.allowed === true
}

/** As a SelfSubjectRulesReview has them. */
export interface Rule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
}

/** Whether the token in use has the rights of the watcher, of the publisher, or of both, by what the API server says. */
export async function rightsFinding(cluster: Cluster): Promise<Finding> {
  const asked = { metadata: {}, spec: { namespace: 'default' } } as unknown as KubeObject
  const { resourceRules = [], incomplete = false } = (await cluster.create(reviews, asked)).status ?? {}
  return judgeRights(resourceRules, incomplete)
}

/**
 * @param rules what the token may do
 * @param incomplete an authorizer that cannot list what it allows, such as a webhook, may allow more
 */
export function judgeRights(rules: Rule[], incomplete: boolean): Finding {
  const lacking = (needed: readonly string[]) => needed.filter((right) => !allows(rules, right))
  const missing = { watcher: lacking(neededRights.watcher), publisher: lacking(neededRights.publisher) }
  const whole = (['watcher', 'publisher'] as const).filter((service) => missing[service].length === 0)
  if (whole.length > 0) {
    return finding('rights', 'ok', `This token has all rights of the ${whole.join(' and of the ')}.`)
  }
  const nearer = missing.watcher.length < missing.publisher.length ? 'watcher' : 'publisher'
  const what = `This token is neither the watcher's nor the publisher's, or lacks rights: to be the ${nearer}'s, ${missing[nearer].join(', ')}; apply the manifests again, or grant them (docs/operating.md, Rights in the cluster).`
  return finding('rights', incomplete ? 'warn' : 'fail', what)
}

function allows(rules: Rule[], right: string): boolean {
  const [verb = '', name = ''] = right.split(' ')
  const [object = '', subresource] = name.split('/')
  const [plural = '', ...group] = object.split('.')
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`
  const has = (list: string[] | undefined, wanted: string) =>
    list?.some((one) => one === '*' || one === wanted)
  return rules.some(
    (rule) => has(rule.verbs, verb) && has(rule.apiGroups, group.join('.')) && has(rule.resources, resource),
  )
}
