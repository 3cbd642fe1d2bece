import type { HttpCluster, KubeObject, OwnerReference, Resource } from '@pod-eip/kube'

const namespaced = (group: string, version: string, plural: string, kind: string): Resource => ({
  ...{ group, version, plural, kind, namespaced: true },
})

/** Kinds of Agones, from top to bottom: the last one makes a Pod of its own name. */
export const agones = {
  fleets: namespaced('agones.dev', 'v1', 'fleets', 'Fleet'),
  gameServerSets: namespaced('agones.dev', 'v1', 'gameserversets', 'GameServerSet'),
  gameServers: namespaced('agones.dev', 'v1', 'gameservers', 'GameServer'),
}

/** Kinds of OpenKruise: each makes its Pods itself. */
export const kruise = {
  cloneSets: namespaced('apps.kruise.io', 'v1alpha1', 'clonesets', 'CloneSet'),
  statefulSets: namespaced('apps.kruise.io', 'v1beta1', 'statefulsets', 'StatefulSet'),
}

/** Built in, but not into the simulated cluster. */
export const cronJobs = namespaced('batch', 'v1', 'cronjobs', 'CronJob')

/** The name of a kind's definition. */
export const definitionName = ({ plural, group }: Resource) => `${plural}.${group}`

/** A definition such as the project brings, as far as owners go. */
export function definition(resource: Resource): KubeObject {
  const { group, version, plural, kind } = resource
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: definitionName(resource) },
    spec: {
      ...{ group, scope: 'Namespaced', names: { plural, singular: kind.toLowerCase(), kind } },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  }
}

/** What a controller writes into an object that it makes for another one. */
export function controlledBy(
  { group, version, kind }: Resource,
  { metadata }: KubeObject,
): Required<OwnerReference> {
  return {
    ...{ apiVersion: `${group}/${version}`, kind, name: metadata.name, uid: metadata.uid ?? '' },
    ...{ controller: true, blockOwnerDeletion: true },
  }
}

/**
 * What the kinds' controllers do when an object is made: objects from top to bottom, each controlled by the one
 * before it.
 * @returns the reference that the Pod of the last one carries
 */
export async function makeChain(
  client: HttpCluster,
  ...links: [resource: Resource, name: string][]
): Promise<OwnerReference> {
  let owner: OwnerReference | undefined
  for (const [resource, name] of links) {
    const ownerReferences = owner ? [owner] : []
    const found = await client.get(resource, 'default', name)
    const metadata = { name, namespace: 'default', ownerReferences }
    const object = found ?? (await client.create(resource, { metadata } as KubeObject))
    owner = controlledBy(resource, object)
  }
  return owner!
}
