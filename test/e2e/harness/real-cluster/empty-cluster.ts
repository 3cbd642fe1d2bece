import type { KubeObject, Resource } from '@pod-eip/kube'
import type { ApiClient } from '../../../api-server/api-client.ts'
import { until } from '../../../contract/until.ts'
import { deletableResources } from './served-resources.ts'

/** Of what tests make; the rest of what has no namespace, such as roles, is the cluster's. */
const withoutNamespace =
  /^(nodes|namespaces|customresourcedefinitions|(validating|mutating)(admissionpolic(ies|ybindings)|webhookconfigurations))$/
/** What the control plane makes, for itself or along with something else; it also goes along with that. */
const ofTheCluster =
  /^(serviceaccounts|roles|rolebindings|leases|endpoints|endpointslices|controllerrevisions|events)$/
const kept = {
  namespaces: /^(default|kube-.*|pod-eip)$/,
  configmaps: /^(kube-root-ca\.crt|kube-apiserver-.*|extension-apiserver-authentication)$/,
  services: /^kubernetes$/,
}
const isBuiltIn = ({ group }: Resource) =>
  !group.includes('.') || (group.endsWith('.k8s.io') && !group.endsWith('.x-k8s.io'))

/** Namespaces and definitions go by controllers, which a busy machine slows down. */
const limitMs = 120_000

/** An object that somebody left, and its path. */
interface Leftover {
  resource: Resource
  path: string
  object: KubeObject
}

/**
 * Takes away what tests have left in a cluster: Nodes, definitions with their objects, admission policies,
 * namespaces, and what is in them. Pods end at once, and no finalizer of a definition's object is waited for.
 * Resolves once all of it is gone; safe to repeat.
 */
export async function emptyCluster(api: ApiClient): Promise<void> {
  const served = await deletableResources(api)
  let searched = served.filter(({ namespaced, plural }) =>
    namespaced ? !ofTheCluster.test(plural) : withoutNamespace.test(plural),
  )
  const pods = searched.filter(({ plural }) => plural === 'pods')
  let found: Leftover[] = []
  const isEmpty = async () => {
    found = (await Promise.all(searched.map((resource) => leftovers(api, resource)))).flat()
    // A Pod that goes before its controller comes back: those go when nothing else is left to be asked to.
    const alive = found.filter(({ object }) => !object.metadata.deletionTimestamp)
    const first = alive.filter(({ resource }) => resource.plural !== 'pods')
    await Promise.all((first.length > 0 ? first : alive).map((one) => remove(api, one)))
    await Promise.all(found.filter((one) => !alive.includes(one)).map((one) => hurry(api, one)))
    searched = searched.filter((one) => pods.includes(one) || found.some(({ resource }) => resource === one))
    return found.length === 0
  }
  await until('the cluster is empty', isEmpty, limitMs).catch((error: Error) => {
    throw new Error(`${error.message}; left: ${found.map(({ path }) => path).join(', ')}`)
  })
  for (const namespace of ['default', 'kube-system']) {
    await api.call(`/api/v1/namespaces/${namespace}/events`, { method: 'DELETE' })
  }
}

async function leftovers(api: ApiClient, resource: Resource): Promise<Leftover[]> {
  const { group, version, plural } = resource
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const { status, body } = await api.call(`${root}/${plural}`)
  // Its definition is going.
  if (status === 404) return []
  if (status !== 200) throw new Error(`list of ${plural}: ${status} ${JSON.stringify(body)}`)
  const keeps: RegExp | undefined = kept[plural as keyof typeof kept]
  return (body.items as KubeObject[])
    .filter(({ metadata }) => !keeps?.test(metadata.name))
    .map((object) => {
      const { namespace, name } = object.metadata
      const place = namespace ? `${root}/namespaces/${namespace}` : root
      return { resource, object, path: `${place}/${plural}/${name}` }
    })
}

async function remove(api: ApiClient, { path, resource }: Leftover): Promise<void> {
  const body = {
    ...{ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' },
    ...(resource.plural === 'pods' ? { gracePeriodSeconds: 0 } : {}),
  }
  await api.call(path, { method: 'DELETE', body })
}

/** Ends what is on its way out, and would wait for a kubelet or for a service that does not run. */
async function hurry(api: ApiClient, leftover: Leftover): Promise<void> {
  if (leftover.resource.plural === 'pods') return remove(api, leftover)
  if (isBuiltIn(leftover.resource) || !leftover.object.metadata.finalizers) return
  const body = { metadata: { finalizers: null } }
  await api.call(leftover.path, { method: 'PATCH', contentType: 'application/merge-patch+json', body })
}
