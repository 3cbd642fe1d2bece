import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RealCluster } from '@pod-eip/devstack/real-cluster'
import type { KubeObject } from '@pod-eip/kube'
import { parseAllDocuments } from 'yaml'
import { createKubectl } from './commands.ts'
import { root, type ServiceName, serviceNames } from './services.ts'

/** What says who the services are and what they may do; the rest of the manifests would run them. */
const kinds = [
  ...['Namespace', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding'],
  ...['Role', 'RoleBinding'],
]

/**
 * Gives each service the ServiceAccount and the rights that the manifests give it.
 * @returns the kubeconfig of a service
 */
export async function installServiceAccounts(
  cluster: Pick<RealCluster, 'kubeconfig' | 'kubeconfigFor'>,
  dir: string,
): Promise<(service: ServiceName) => string> {
  const kubectl = await createKubectl(cluster.kubeconfig, dir)
  await kubectl.apply(...(await manifests()).filter(({ kind }) => kinds.includes(kind ?? '')))
  const paths = new Map<ServiceName, string>()
  const create = async (service: ServiceName) => {
    const token = await kubectl('create', 'token', `pod-eip-${service}`, '--namespace=pod-eip')
    paths.set(service, cluster.kubeconfigFor(service, token.trim()))
  }
  await Promise.all(serviceNames.map(create))
  return (service) => paths.get(service)!
}

/** Every object of `infra/manifests`, as written there. */
export async function manifests(): Promise<KubeObject[]> {
  const names = ['namespace.yaml', 'pod-eip.yaml', 'egress/rights.yaml']
  const files = names.map((name) => join(root, 'infra/manifests', name))
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return texts.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as KubeObject))
}

interface Rule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
}

/** What the manifests let a service do, each right once, as `patch pods/status`. */
export async function granted(service: string): Promise<string[]> {
  const roles = (await manifests()).filter(({ kind }) => kind === 'ClusterRole' || kind === 'Role')
  const its = new RegExp(`^pod-eip-${service}(-|$)`)
  const rules: Rule[] = roles.filter(({ metadata }) => its.test(metadata.name)).flatMap(({ rules }) => rules)
  const rights = rules.flatMap(({ apiGroups: [group], resources, verbs }) =>
    resources.flatMap((resource) => {
      const [plural, subresource] = resource.split('/')
      const what = `${plural}${group ? `.${group}` : ''}${subresource ? `/${subresource}` : ''}`
      return verbs.map((verb) => `${verb} ${what}`)
    }),
  )
  return [...new Set(rights)]
}
