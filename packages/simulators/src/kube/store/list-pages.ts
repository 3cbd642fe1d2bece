import { badRequest, tooLarge } from './api-error.ts'

/** Which part of a list, in which state. */
export interface PageQuery {
  /** Page size. */
  limit?: number
  /** From the page before. */
  continue?: string
  /** A state that must at least be reached, or the very one. '' and '0' take the present. */
  resourceVersion?: string
  /** When absent: Exact for a list in pages, else NotOlderThan. */
  resourceVersionMatch?: 'Exact' | 'NotOlderThan'
}

/** Where a page begins. */
export interface PageStart {
  revision: number
  /** Key of the last object of the page before; '' for the first page. */
  after: string
}

/** Where the first page begins. @throws ApiError 400, 504 for a version that is yet to come */
export function startOf(
  { resourceVersion: asked = '', resourceVersionMatch, limit }: PageQuery,
  now: number,
): PageStart {
  if (!/^\d*$/.test(asked)) throw badRequest(`invalid resource version: "${asked}"`)
  if (Number(asked) > now) throw tooLarge(asked, now)
  const isExact = resourceVersionMatch === 'Exact' || (resourceVersionMatch === undefined && (limit ?? 0) > 0)
  return { revision: isExact && Number(asked) > 0 ? Number(asked) : now, after: '' }
}

/** What a client goes on by. */
export function continueToken(start: PageStart): string {
  return Buffer.from(JSON.stringify(start)).toString('base64url')
}

/** @param now what revision 0 stands for @throws ApiError 400 */
export function readContinue(token: string, now: number): PageStart {
  try {
    const { revision, after } = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (typeof revision === 'number' && typeof after === 'string') return { revision: revision || now, after }
  } catch {
    // Told below, like a token of another shape.
  }
  throw badRequest('continue key is not valid: it is not one that this server gave')
}
