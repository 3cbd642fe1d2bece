import { type Cluster, KubeError, type KubeObject, type ListOptions, type Resource } from '../cluster.ts'

/** As large as client-go's pages: what the API server's own components were tuned for. */
export const pageSize = 500

/** A complete list, read page by page at one resourceVersion. */
export interface CompleteList<T> {
  items: T[]
  resourceVersion: string
}

/**
 * Reads a complete list in pages, each object projected as soon as it is read, so that the raw list is never in memory.
 * When the snapshot that the pages come from expires half-way, reads all of it in one answer instead, which cannot
 * expire. Throws KubeErrors as they come, and what `project` throws; safe to repeat.
 */
export async function listAll<T>(
  cluster: Pick<Cluster, 'list' | 'watch'>,
  resource: Resource,
  options: Omit<ListOptions, 'limit' | 'continue' | 'onObject'>,
  project: (object: KubeObject) => T,
  onPage: () => void = () => {},
): Promise<CompleteList<T>> {
  let items: T[] = []
  const read = async (more: ListOptions) => {
    const onObject = (object: KubeObject) => items.push(project(object))
    const page = await cluster.list(resource, { ...options, ...more, onObject })
    for (const object of page.items) onObject(object)
    onPage()
    return page
  }
  let page = await read({ limit: pageSize })
  while (page.continue !== undefined) {
    try {
      page = await read({ limit: pageSize, continue: page.continue })
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 410)) throw error
      items = []
      page = await read({})
    }
  }
  return { items, resourceVersion: page.resourceVersion }
}
