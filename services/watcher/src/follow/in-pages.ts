import type { Claim } from '@pod-eip/domain'
import type { ClaimPage } from '@pod-eip/read-models'

const pageSize = 500

/**
 * Claims one by one, of which only a page is in memory at a time. A claim that changes meanwhile comes once, in either
 * state.
 */
export async function* inPages(read: (page: ClaimPage) => Promise<Claim[]>): AsyncGenerator<Claim> {
  for (let after = ''; ; ) {
    const claims = await read({ after, limit: pageSize })
    yield* claims
    if (claims.length < pageSize) return
    after = claims.at(-1)!.key
  }
}
