import type { CloudAddress } from '@pod-eip/cloud'
import { type AddressStanding, newEvent } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import { type ReadModels, toNewEvent } from '@pod-eip/read-models'
import type { Clock } from '@pod-eip/runtime'

/** Which of these EIPs stand otherwise than their claims show: those that are blocked or in arrears now, or no longer. */
export async function changedStandings(
  addresses: CloudAddress[],
  deps: { readModels: Pick<ReadModels, 'address' | 'listing' | 'claim'>; clock: Clock },
): Promise<NewEvent[]> {
  const { readModels, clock } = deps
  const news: NewEvent[] = []
  for (const address of addresses) {
    const { addressId } = address
    const ours = await readModels.address(addressId)
    const key = ours?.releasedAt === '' ? ours.claim : (await readModels.listing(addressId))?.holder?.claim
    const claim = key ? await readModels.claim(key) : null
    const standing = standingOf(address)
    if (claim?.address?.id !== addressId || claim.standing === standing) continue
    const { generation, position } = claim
    const event = newEvent('AddressStandingSeen', { claim: claim.key, generation, addressId, standing })
    news.push(
      toNewEvent(event, {
        // Whoever sees the same of the claim as it stood then tells it once.
        dedupeKey: `standing/${addressId}/${position}`,
        occurredAt: new Date(clock.now()).toISOString(),
        actor: 'worker',
        correlationId: claim.pod?.correlationId ?? claim.key,
        causationPosition: position,
      }),
    )
  }
  return news
}

/** A block counts more: it lasts when the bill is paid. */
function standingOf({ isBlocked, isArrears }: CloudAddress): AddressStanding {
  if (isBlocked) return 'Blocked'
  return isArrears ? 'InArrears' : 'Good'
}
