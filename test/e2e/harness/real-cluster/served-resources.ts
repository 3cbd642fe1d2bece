import type { Resource } from '@pod-eip/kube'
import type { ApiClient } from '../../../api-server/api-client.ts'

interface GroupDiscovery {
  metadata: { name?: string }
  versions: {
    version: string
    resources: { resource: string; responseKind?: { kind: string }; scope: string; verbs: string[] }[]
  }[]
}

/** Every resource that an API server lists and deletes, each once, in its preferred version. */
export async function deletableResources(api: ApiClient): Promise<Resource[]> {
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
  const answers = await Promise.all([api.call('/api', { accept }), api.call('/apis', { accept })])
  const groups: GroupDiscovery[] = answers.flatMap(({ body }) => body.items)
  return groups.flatMap(({ metadata, versions: [preferred] }) =>
    (preferred?.resources ?? [])
      .filter(({ verbs }) => verbs.includes('list') && verbs.includes('delete'))
      .map(({ resource, responseKind, scope }) => ({
        ...{ group: metadata.name ?? '', version: preferred!.version, plural: resource },
        ...{ kind: responseKind?.kind ?? '', namespaced: scope === 'Namespaced' },
      })),
  )
}
