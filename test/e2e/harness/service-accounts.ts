import type { RealCluster } from '@pod-eip/devstack/real-cluster'
import { createKubectl } from './commands.ts'
import { manifestsOf, type Way } from './installed-manifests.ts'
import { namesOf, type ServiceName } from './services.ts'

/** What says who the services are and what they may do; the rest of the manifests would run them. */
const kinds = [
  ...['Namespace', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding'],
  ...['Role', 'RoleBinding'],
]

/**
 * Gives each service the ServiceAccount and the rights that the manifests of its way give it.
 * @returns the kubeconfig of a service
 */
export async function installServiceAccounts(
  cluster: Pick<RealCluster, 'kubeconfig' | 'kubeconfigFor'>,
  dir: string,
  way: Way,
): Promise<(service: ServiceName) => string> {
  const kubectl = await createKubectl(cluster.kubeconfig, dir)
  await kubectl.apply(...(await manifestsOf(way)).filter(({ kind }) => kinds.includes(kind ?? '')))
  const paths = new Map<ServiceName, string>()
  const create = async (service: ServiceName) => {
    const token = await kubectl('create', 'token', `pod-eip-${service}`, '--namespace=pod-eip')
    paths.set(service, cluster.kubeconfigFor(service, token.trim()))
  }
  await Promise.all(namesOf(way).map(create))
  return (service) => paths.get(service)!
}

interface Rule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
}

/** What the manifests let a service do, each right once, as `patch pods/status`: that of all roles it is bound to. */
export async function granted(service: ServiceName): Promise<string[]> {
  const objects = await manifestsOf(service === 'all-in-one' ? 'all-in-one' : 'separate')
  const bound = objects
    .filter(({ kind }) => kind === 'ClusterRoleBinding' || kind === 'RoleBinding')
    .filter(({ subjects }) => subjects.some((one: { name: string }) => one.name === `pod-eip-${service}`))
    .map(({ roleRef }) => `${roleRef.kind} ${roleRef.name}`)
  const roles = objects.filter(({ kind, metadata }) => bound.includes(`${kind} ${metadata.name}`))
  const rules: Rule[] = roles.flatMap((role) => role.rules)
  const rights = rules.flatMap(({ apiGroups: [group], resources, verbs }) =>
    resources.flatMap((resource) => {
      const [plural, subresource] = resource.split('/')
      const what = `${plural}${group ? `.${group}` : ''}${subresource ? `/${subresource}` : ''}`
      return verbs.map((verb) => `${verb} ${what}`)
    }),
  )
  return [...new Set(rights)]
}
