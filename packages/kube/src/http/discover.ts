import type { Resource } from '../cluster.ts'

/** What `/apis/GROUP/VERSION` lists, as far as it is read. */
interface ResourceList {
  resources?: { name?: string; kind?: string; namespaced?: boolean }[] | null
}

/** What `/apis/GROUP` says. */
interface GroupDocument {
  versions?: { version?: string }[] | null
}

/**
 * Finds the resource of a kind in the API server's discovery documents: in the version that is named or, when
 * that does not serve it any more, in another one of its group.
 * @param read the document at a path; `null` when there is none
 */
export async function discoverResource(
  read: (path: string) => Promise<object | null>,
  apiVersion: string,
  kind: string,
): Promise<Resource | null> {
  const slash = apiVersion.indexOf('/')
  const group = slash === -1 ? '' : apiVersion.slice(0, slash)
  const named = apiVersion.slice(slash + 1)
  const inVersion = async (version: string): Promise<Resource | null> => {
    const path = group === '' ? `/api/${encode(version)}` : `/apis/${encode(group)}/${encode(version)}`
    const list = (await read(path)) as ResourceList | null
    // Subresources, such as `pods/eviction`, have a slash in their name.
    const found = list?.resources?.find((entry) => entry.kind === kind && !entry.name?.includes('/'))
    if (!found?.name) return null
    return { group, version, plural: found.name, kind, namespaced: found.namespaced ?? false }
  }
  const exact = await inVersion(named)
  if (exact || group === '') return exact
  const document = (await read(`/apis/${encode(group)}`)) as GroupDocument | null
  for (const { version } of document?.versions ?? []) {
    const other = version && version !== named ? await inVersion(version) : null
    if (other) return other
  }
  return null
}

const encode = encodeURIComponent
