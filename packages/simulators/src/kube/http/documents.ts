import { ApiError } from '../store/api-error.ts'
import type { KubeStore } from '../store/kube-store.ts'
import { aggregated, apiVersions, groupDocument, groupList, resourceList } from './discovery.ts'
import type { Form } from './negotiate.ts'
import { openApiDocument, openApiIndex, swagger } from './openapi.ts'

/** The version of Kubernetes whose API this server shows. */
export const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.0-simulated',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'linux/amd64',
}

/** What the server says of itself at a path; undefined when it says nothing there. */
export function documentAt(store: KubeStore, path: string, form: Form): object | undefined {
  const types = store.resources()
  const parts = path.split('/').filter((part) => part !== '')
  switch (parts[0]) {
    case 'version':
      return parts.length === 1 ? version : undefined
    case 'api':
      if (parts.length === 1) return form === 'discovery' ? aggregated(types, true) : apiVersions()
      return parts.length === 2 ? resourceList(types, '', parts[1]!) : undefined
    case 'apis':
      if (parts.length === 1) return form === 'discovery' ? aggregated(types, false) : groupList(types)
      if (parts.length === 2) return groupDocument(types, parts[1]!)
      return parts.length === 3 ? resourceList(types, parts[1]!, parts[2]!) : undefined
    case 'openapi':
      if (path === '/openapi/v2') return swagger(types)
      if (path === '/openapi/v3') return openApiIndex(types)
      return parts[1] === 'v3' ? openApiDocument(types, parts.slice(2).join('/')) : undefined
    default:
      return undefined
  }
}

/** Questions about one's own rights: everybody may do everything here. @throws ApiError 404 for others */
export function answerReview(path: string, body: object): object {
  switch (path) {
    case '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews':
      return { ...body, status: { allowed: true, reason: 'a simulated cluster allows everything' } }
    case '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews': {
      const all = ['*']
      const resourceRules = [{ verbs: all, apiGroups: all, resources: all }]
      return {
        ...body,
        status: {
          resourceRules,
          nonResourceRules: [{ verbs: all, nonResourceURLs: all }],
          incomplete: false,
        },
      }
    }
    case '/apis/authentication.k8s.io/v1/selfsubjectreviews':
      return { ...body, status: { userInfo: { username: 'simulated', groups: ['system:masters'] } } }
    default:
      throw new ApiError(404, 'NotFound', 'the server could not find the requested resource')
  }
}
