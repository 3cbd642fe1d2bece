import type { CloudAddress } from '@pod-eip/cloud'
import { allocationTag } from '@pod-eip/cloud-calls'
import { newEvent, type UnclaimedAddress } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import { toNewEvent } from '@pod-eip/read-models'
import type { Comparison } from './read-addresses.ts'
import type { SurveyFindings } from './survey-requests.ts'
import type { Surveying } from './surveying.ts'

/** Keeps an eye on EIPs with this cluster's tag that no claim has. */
export interface Orphanage {
  /** Takes note of what one look at the cloud shows, and tells the log of those whose grace is over. */
  look(comparison: Comparison): Promise<Pick<SurveyFindings, 'orphans' | 'leftAlone' | 'unclaimed'>>
}

/** EIPs of which an answer tells one by one. */
const mostTold = 200

/**
 * An EIP goes back when complete lists have shown it bound to nothing and without a claim for as long as the grace
 * lasts, and the log knows the allocation that brought it: that is the proof that it is this log's to give back. One
 * of an allocation that the log does not know, or that is bound, is left alone and named in the service's log.
 *
 * Since when is in memory on purpose: only who has looked all the time has seen that nobody used it in between. A
 * restart begins the grace anew, so it can only make a release later.
 */
export function createOrphanage(deps: Surveying): Orphanage {
  const { readModels, log, clock, logger, settings } = deps
  /** Since when each has been seen as an orphan, epoch ms. */
  const seenSince = new Map<string, number>()
  const named = new Set<string>()

  function name(address: CloudAddress, why: string): void {
    if (named.has(address.addressId)) return
    named.add(address.addressId)
    logger.warn({ eip: address.addressId, publicIp: address.addressIp, status: address.status }, why)
  }

  /** What to tell the log now, or what it is meanwhile; `null` when it is nobody's orphan, or not yet known to be. */
  async function judge(address: CloudAddress): Promise<NewEvent | UnclaimedAddress | null> {
    const { addressId } = address
    // Without that tag it is not of our making, but of TKE's own ipamd, or tagged by hand (I4).
    const allocationId = address.tags.find(({ key }) => key === allocationTag)?.value
    const known = await readModels.address(addressId)
    if (allocationId === undefined || known?.releasedAt === '') return null
    const intent = await readModels.intentOfAllocation(allocationId)
    const about = {
      ...{ addressId, publicIp: address.addressIp, allocationId, claim: intent?.claim ?? '' },
      ...{ boundTo: placeOf(address), since: '', until: '' },
    }
    if (!intent) {
      name(
        address,
        'an EIP carries the tag of this cluster, and the log knows no allocation that brought it, so it is left alone; release it in the console if nobody needs it',
      )
      return { ...about, state: 'UnknownAllocation' }
    }
    // Its outcome says whose it is.
    if (intent.status !== 'done') {
      seenSince.delete(addressId)
      return null
    }
    if (address.status !== 'UNBIND') {
      name(
        address,
        'an EIP of this cluster that no claim has is bound, so it is left alone; unbind it to have it released',
      )
      seenSince.delete(addressId)
      return { ...about, state: 'Bound' }
    }
    named.delete(addressId)
    const sinceMs = seenSince.get(addressId) ?? clock.now()
    seenSince.set(addressId, sinceMs)
    const since = new Date(sinceMs).toISOString()
    if (clock.now() - sinceMs < settings.orphanGraceMs) {
      return {
        ...about,
        state: 'Waiting',
        since,
        until: new Date(sinceMs + settings.orphanGraceMs).toISOString(),
      }
    }
    const event = newEvent('OrphanFound', {
      ...{ claim: intent.claim, generation: intent.generation },
      ...{ addressId, publicIp: address.addressIp, allocationId },
      seenSince: since,
    })
    seenSince.delete(addressId)
    return toNewEvent(event, {
      dedupeKey: `orphan/${addressId}/${known?.position ?? 0}`,
      occurredAt: new Date(clock.now()).toISOString(),
      actor: 'worker',
      correlationId: intent.correlationId,
      causationPosition: intent.decidedPosition,
    })
  }

  return {
    async look({ claims, shown }) {
      const had = new Set(claims.map(({ address }) => address!.id))
      const orphans = [...shown.values()].filter(({ addressId }) => !had.has(addressId))
      const ids = new Set(orphans.map(({ addressId }) => addressId))
      for (const id of seenSince.keys()) if (!ids.has(id)) seenSince.delete(id)
      for (const id of named) if (!ids.has(id)) named.delete(id)
      const found: NewEvent[] = []
      const unclaimed: UnclaimedAddress[] = []
      for (const orphan of orphans) {
        const what = await judge(orphan)
        if (what && 'state' in what) unclaimed.push(what)
        else if (what) found.push(what)
      }
      if (found.length > 0) await log.append(found)
      deps.counts.orphansFound(found.length)
      const waiting = unclaimed.filter(({ state }) => state === 'Waiting').length
      return {
        orphans: waiting + found.length,
        leftAlone: unclaimed.length - waiting,
        ...(unclaimed.length > 0 && { unclaimed: unclaimed.slice(0, mostTold) }),
      }
    },
  }
}

/** Where the cloud says that it is bound; empty when it is not. */
function placeOf({ privateIpAddress, networkInterfaceId, instanceId }: CloudAddress): string {
  return [privateIpAddress, networkInterfaceId, instanceId].filter(Boolean).join(', ')
}
