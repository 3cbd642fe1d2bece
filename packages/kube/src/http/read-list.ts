import { KubeError, type KubeObject, type ListPage } from '../cluster.ts'
import { createListSplitter } from './list-splitter.ts'
import { isResourceVersion } from './resource-version.ts'
import { connectionError } from './status-error.ts'
import { decodeUtf8 } from './utf8.ts'

/**
 * Reads one page of a list, whose objects go to `onObject` one by one as their bytes come, so that never more than one
 * of them is in memory as it was sent.
 * @returns where the list stands
 * @throws KubeError when it is not a whole list; what `onObject` threw; status 0 when the body breaks off
 */
export async function readList(
  request: string,
  body: AsyncIterable<Uint8Array>,
  maxItemBytes: number,
  onObject: (object: KubeObject) => void,
): Promise<Omit<ListPage, 'items'>> {
  let items: Buffer[] = []
  const splitter = createListSplitter(maxItemBytes, (bytes) => items.push(bytes))
  const parsed = <T>(parse: () => T): T => {
    try {
      return parse()
    } catch (error) {
      throw brokenList(request, (error as Error).message)
    }
  }
  for await (const chunk of failingWith(body, (error) => connectionError(request, error))) {
    parsed(() => splitter.push(chunk))
    for (const bytes of items) onObject(parsed(() => JSON.parse(decodeUtf8(bytes))))
    items = []
  }
  return placeOf(
    parsed(() => JSON.parse(decodeUtf8(splitter.end()))),
    request,
  )
}

async function* failingWith<T>(source: AsyncIterable<T>, told: (error: unknown) => KubeError) {
  try {
    yield* source
  } catch (error) {
    throw told(error)
  }
}

function brokenList(request: string, why: string): KubeError {
  return new KubeError(0, 'BrokenAnswer', `${request}: the answer is no list of an API server (${why})`)
}

interface ListAnswer {
  items?: unknown
  metadata?: { resourceVersion?: unknown; continue?: unknown }
}

function placeOf(list: ListAnswer | null, request: string): Omit<ListPage, 'items'> {
  const { resourceVersion, continue: token } = list?.metadata ?? {}
  if (!isResourceVersion(resourceVersion) || (list?.items !== null && !Array.isArray(list?.items))) {
    throw brokenList(request, 'it lacks items or a resourceVersion')
  }
  return { resourceVersion, ...(typeof token === 'string' && token !== '' ? { continue: token } : {}) }
}
