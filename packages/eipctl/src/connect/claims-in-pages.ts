import type { Claim } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'

const pageSize = 1_000

/** The claims that are wanted, of all that there ever were: those that are over are many, and read page by page. */
export async function claimsInPages(
  readModels: Pick<ReadModels, 'claims'>,
  wanted: (claim: Claim) => boolean,
): Promise<Claim[]> {
  const found: Claim[] = []
  for (let after = ''; ; ) {
    const page = await readModels.claims({}, { after, limit: pageSize })
    found.push(...page.filter(wanted))
    if (page.length < pageSize) return found
    after = page.at(-1)!.key
  }
}
