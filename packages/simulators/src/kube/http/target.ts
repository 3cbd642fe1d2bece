import type { ResourceRef } from '../store/resource-type.ts'

/** What a path of the API points at. */
export interface Target {
  resource: ResourceRef
  namespace: string | null
  /** Absent for a collection. */
  name?: string
  subresource?: string
}

const versionPath = /^\/(?:api\/(v1)|apis\/([^/]+)\/([^/]+))\/(.+)$/

/** Reads a path such as `/apis/apps/v1/namespaces/default/deployments/web/scale`; null when it is none. */
export function readTarget(pathname: string): Target | null {
  const match = versionPath.exec(pathname)
  if (!match) return null
  const [, core, group = '', groupVersion = '', rest = ''] = match
  const resource = { group: core ? '' : group, version: core ?? groupVersion }
  const parts = rest.split('/').map(decodeURIComponent)
  const [first, scope, third] = parts
  // A namespace is itself an object, with subresources of its own.
  const scoped = first === 'namespaces' && third !== undefined && third !== 'status' && third !== 'finalize'
  const [plural = '', name, subresource, ...more] = scoped ? parts.slice(2) : parts
  if (more.length > 0 || parts.includes('')) return null
  return {
    resource: { ...resource, plural },
    namespace: scoped ? (scope ?? null) : null,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  }
}
