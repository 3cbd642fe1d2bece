import type { Claim } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'
import { claimName } from '../arguments.ts'
import { UsageError } from '../usage-error.ts'

/**
 * The claim that a name, an EIP or an address means: of an EIP the claim that has it or had it last.
 * @throws UsageError when there is none, or several; it says which there are
 */
export async function findClaim(readModels: ReadModels, name: string): Promise<Claim> {
  const exact = await readModels.claim(claimName(name))
  if (name.includes('/') && exact) return exact
  const address = await readModels.address(name)
  const owner = address && (await readModels.claim(address.claim))
  if (owner) return owner
  const listed = await holderOf(readModels, name)
  if (listed) return listed
  const named = name.includes('/')
    ? []
    : (await readModels.claims()).filter(({ key }) => key.slice(key.indexOf('/') + 1) === name)
  if (named.length > 1) {
    const keys = named.map(({ key }) => key)
    throw new UsageError(`${JSON.stringify(name)} is in several namespaces: say ${keys.join(' or ')}`)
  }
  if (named[0]) return named[0]
  throw new UsageError(`nothing is known of ${JSON.stringify(name)}; see eipctl claims --all`)
}

/** The claim that has one of the user's EIPs. */
async function holderOf(readModels: ReadModels, name: string): Promise<Claim | null> {
  const listing = await readModels.listing(name)
  if (!listing) return null
  if (listing.holder) return readModels.claim(listing.holder.claim)
  const waiting = listing.waiting.length > 0 ? `; ${listing.waiting.join(', ')} waits for it` : ''
  throw new UsageError(`no claim has EIP ${listing.id} now${waiting}; see eipctl history ${listing.id}`)
}
