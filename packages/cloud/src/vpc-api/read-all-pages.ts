import { CloudError, noAnswer } from '../cloud-error.ts'

/** Most entries that Describe actions return at once. */
const pageSize = 100

/** An account has some hundreds; a list without an end must not be gathered. */
const mostEntries = 100_000

/** Attempts at a list that changes while it is read, before the caller has to come back later. */
const attempts = 5

export interface Page<T> {
  total: number
  entries: T[]
}

/**
 * Reads a list page by page, whole or not at all.
 *
 * Pages are cut by offset, so an entry that vanishes from a page already read moves all later ones up
 * and hides one of them; whoever takes the list for complete would then believe that it is gone. Each
 * page therefore begins with the last entry of the one before: when that entry is not there, or the
 * number of entries is not the total, the list moved and is read again from the start.
 *
 * @throws CloudError `retry-soon` when the list does not hold still, `no-answer` when it is longer than can be.
 */
export async function readAllPages<T>(
  action: string,
  identify: (entry: T) => string,
  readPage: (offset: number, limit: number) => Promise<Page<T>>,
): Promise<T[]> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const entries = await readOnce(action, identify, readPage)
    if (entries) return entries
  }
  throw new CloudError(
    'retry-soon',
    'PagesShifted',
    `${action}: the list changed ${attempts} times while it was read; a complete one needs another attempt`,
  )
}

async function readOnce<T>(
  action: string,
  identify: (entry: T) => string,
  readPage: (offset: number, limit: number) => Promise<Page<T>>,
): Promise<T[] | undefined> {
  const first = await readPage(0, pageSize)
  const entries = first.entries
  if (first.total > mostEntries) {
    throw noAnswer(
      action,
      `it speaks of ${first.total} entries, and more than ${mostEntries} are not believed`,
    )
  }
  while (entries.length < first.total) {
    const last = entries.at(-1)
    if (last === undefined) return undefined
    const page = await readPage(entries.length - 1, pageSize)
    const [overlap, ...more] = page.entries
    if (overlap === undefined || identify(overlap) !== identify(last) || more.length === 0) return undefined
    entries.push(...more)
  }
  return entries.length === first.total ? entries : undefined
}
