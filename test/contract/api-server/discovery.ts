import { describe, expect, it } from 'vitest'
import { type ApiScene, refused } from './scene.ts'

/** `group/version/plural singular Kind short,names categories`, with a star for what is in namespaces. */
const served = [
  '/v1/pods* pod Pod po all',
  '/v1/nodes node Node no',
  '/v1/namespaces namespace Namespace ns',
  '/v1/services* service Service svc all',
  '/v1/configmaps* configmap ConfigMap cm',
  '/v1/secrets* secret Secret',
  '/v1/serviceaccounts* serviceaccount ServiceAccount sa',
  '/v1/persistentvolumeclaims* persistentvolumeclaim PersistentVolumeClaim pvc',
  '/v1/events* event Event ev',
  'events.k8s.io/v1/events* event Event ev',
  'apps/v1/deployments* deployment Deployment deploy all',
  'apps/v1/replicasets* replicaset ReplicaSet rs all',
  'apps/v1/statefulsets* statefulset StatefulSet sts all',
  'apps/v1/daemonsets* daemonset DaemonSet ds all',
  'apps/v1/controllerrevisions* controllerrevision ControllerRevision',
  'batch/v1/jobs* job Job all',
  'coordination.k8s.io/v1/leases* lease Lease',
  'apiextensions.k8s.io/v1/customresourcedefinitions customresourcedefinition CustomResourceDefinition crd,crds api-extensions',
  'networking.tke.cloud.tencent.com/v1/eipclaims* eipclaim EIPClaim eipc tke',
]
const subresources: Record<string, string[]> = {
  '/v1/pods': ['binding', 'ephemeralcontainers', 'eviction', 'status'],
  '/v1/nodes': ['status'],
  'apps/v1/deployments': ['scale', 'status'],
  'apps/v1/statefulsets': ['scale', 'status'],
  'networking.tke.cloud.tencent.com/v1/eipclaims': ['status'],
}
const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

interface ListedResource {
  name: string
  singularName: string
  kind: string
  namespaced: boolean
  shortNames?: string[]
  categories?: string[]
  verbs: string[]
}

interface DiscoveredGroup {
  metadata: { name?: string }
  versions: { version: string; resources: DiscoveredResource[] }[]
}

interface DiscoveredResource {
  resource: string
  singularResource: string
  responseKind: { kind: string }
  scope: string
  shortNames?: string[]
  categories?: string[]
  verbs: string[]
  subresources?: { subresource: string }[]
}

const place = (path: string) => (path.startsWith('/') ? `/api${path}` : `/apis/${path}`)
const words = (...parts: (string | undefined)[]) => parts.filter((part) => part).join(' ')

export function discoveryContract(scene: ApiScene): void {
  describe('discovery', () => {
    it.each(served)('lists %s', async (line) => {
      const [path] = line.split(/[* ]/) as [string]
      const [, version, plural] = /^(.*)\/(.*)$/.exec(path)!
      const { body } = await scene.get(place(version!))
      expect(body).toMatchObject({ kind: 'APIResourceList', groupVersion: version!.replace(/^\//, '') })
      const found: ListedResource = body.resources.find(({ name }: ListedResource) => name === plural)
      const { singularName, kind, namespaced, shortNames, categories } = found
      const shown = `${path}${namespaced ? '*' : ''}`
      expect(words(shown, singularName, kind, shortNames?.join(), categories?.join())).toBe(line)
      // Not everything that is namespaced can be deleted in one request.
      expect(verbs).toEqual(expect.arrayContaining(found.verbs))
      expect(found.verbs).toEqual(
        expect.arrayContaining(['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']),
      )
      const own = body.resources
        .map(({ name }: ListedResource) => name.split('/'))
        .filter(([name, sub]: string[]) => name === plural && sub !== undefined)
        .map(([, sub]: string[]) => sub)
      expect(own).toEqual(expect.arrayContaining(subresources[path] ?? []))
    })

    it('has all of it in two answers, too', async () => {
      const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
      const answers = [await scene.get('/api', accept), await scene.get('/apis', accept)]
      const shown = answers.flatMap(({ headers, body }) => {
        expect(headers['content-type']).toContain('as=APIGroupDiscoveryList')
        return (body.items as DiscoveredGroup[]).flatMap(({ metadata, versions }) =>
          versions.flatMap(({ version, resources }) =>
            resources.map((one) =>
              words(
                `${metadata.name ?? ''}/${version}/${one.resource}${one.scope === 'Namespaced' ? '*' : ''}`,
                ...[
                  one.singularResource,
                  one.responseKind.kind,
                  one.shortNames?.join(),
                  one.categories?.join(),
                ],
              ),
            ),
          ),
        )
      })
      expect(shown).toEqual(expect.arrayContaining(served))
    })

    it('names groups and their versions', async () => {
      expect((await scene.get('/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] })
      const { body } = await scene.get('/apis')
      expect(body.kind).toBe('APIGroupList')
      const version = { groupVersion: 'apps/v1', version: 'v1' }
      expect(body.groups).toContainEqual(
        expect.objectContaining({ name: 'apps', versions: [version], preferredVersion: version }),
      )
      expect((await scene.get('/apis/apps')).body).toMatchObject({ kind: 'APIGroup', name: 'apps' })
    })

    it('knows no group and no version that is not served', async () => {
      expect((await scene.get('/apis/nonsense.example.com')).status).toBe(404)
      expect((await scene.get('/apis/apps/v9')).status).toBe(404)
    })

    it('says which version the server has', async () => {
      const { body } = await scene.get('/version')
      expect(body).toMatchObject({ major: '1', gitVersion: expect.stringMatching(/^v1\.\d+/) })
    })
  })

  it('a review of rights is answered', async () => {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
    const spec = { resourceAttributes: { verb: 'list', resource: 'pods' } }
    const { status, body } = await scene.post(path, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec,
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({ kind: 'SelfSubjectAccessReview', status: { allowed: true } })
  })

  it('a token that nobody gave is refused', async () => {
    refused(await scene.stranger('/api/v1/pods'), 401, 'Unauthorized')
  })
}
