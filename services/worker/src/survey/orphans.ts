import type { CloudAddress } from '@pod-eip/cloud'
import { allocationTag } from '@pod-eip/cloud-calls'
import { newEvent } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import { toNewEvent } from '@pod-eip/read-models'
import type { Comparison } from './read-addresses.ts'
import type { SurveyFindings } from './survey-requests.ts'
import type { Surveying } from './surveying.ts'

/** Keeps an eye on EIPs with this cluster's tag that no claim has. */
export interface Orphanage {
  /** Takes note of what one look at the cloud shows, and tells the log of those whose grace is over. */
  look(comparison: Comparison): Promise<Pick<SurveyFindings, 'orphans' | 'leftAlone'>>
}

/**
 * An EIP goes back when complete lists have shown it bound to nothing and without a claim for as long as the grace
 * lasts, and the log knows the allocation that brought it: that is the proof that it is this log's to give back. One
 * of an allocation that the log does not know, or that is bound, is left alone and named in the service's log.
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

  async function judge(address: CloudAddress): Promise<NewEvent | null> {
    const { addressId } = address
    // Without that tag it is not of our making, but of TKE's own ipamd, or tagged by hand (I4).
    const allocationId = address.tags.find(({ key }) => key === allocationTag)?.value
    const known = await readModels.address(addressId)
    if (allocationId === undefined || known?.releasedAt === '') return null
    const intent = await readModels.intentOfAllocation(allocationId)
    if (!intent) {
      name(
        address,
        'an EIP carries the tag of this cluster, and the log knows no allocation that brought it, so it is left alone; release it in the console if nobody needs it',
      )
      return null
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
      return null
    }
    const since = seenSince.get(addressId) ?? clock.now()
    seenSince.set(addressId, since)
    if (clock.now() - since < settings.orphanGraceMs) return null
    const event = newEvent('OrphanFound', {
      ...{ claim: intent.claim, generation: intent.generation },
      ...{ addressId, publicIp: address.addressIp, allocationId },
      seenSince: new Date(since).toISOString(),
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
      for (const orphan of orphans) {
        const event = await judge(orphan)
        if (event) found.push(event)
      }
      if (found.length > 0) await log.append(found)
      deps.counts.orphansFound(found.length)
      return { orphans: seenSince.size + found.length, leftAlone: named.size }
    },
  }
}
