import { type Cluster, KubeError, type KubeObject, type ListOptions, type Resource } from '../cluster.ts'

/** As large as client-go's pages: what the API server's own components were tuned for. */
export const pageSize = 500

/** A complete list, read page by page at one resourceVersion. */
export interface CompleteList<T> {
  items: T[]
  resourceVersion: string
}

/**
 * Reads a complete list in pages, each object projected as soon as its page is there, so that the raw list
 * is never in memory. When the snapshot that the pages come from expires half-way, reads all of it in one
 * answer instead, which cannot expire. Throws KubeErrors as they come; safe to repeat.
 */
export async function listAll<T>(
  cluster: Pick<Cluster, 'list' | 'watch'>,
  resource: Resource,
  options: Omit<ListOptions, 'limit' | 'continue'>,
  project: (object: KubeObject) => T,
  onPage: () => void = () => {},
): Promise<CompleteList<T>> {
  const items: T[] = []
  let page = await cluster.list(resource, { ...options, limit: pageSize })
  for (;;) {
    onPage()
    for (const object of page.items) items.push(project(object))
    if (page.continue === undefined) return { items, resourceVersion: page.resourceVersion }
    try {
      page = await cluster.list(resource, { ...options, limit: pageSize, continue: page.continue })
    } catch (error) {
      if (!(error instanceof KubeError && error.status === 410)) throw error
      const whole = await cluster.list(resource, options)
      onPage()
      return { items: whole.items.map(project), resourceVersion: whole.resourceVersion }
    }
  }
}
