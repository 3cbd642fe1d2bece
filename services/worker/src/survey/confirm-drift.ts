import { isDeepStrictEqual } from 'node:util'
import { newEvent } from '@pod-eip/domain'
import { toldOfClaim } from '../told-of-claim.ts'
import { findDrift, type Suspect } from './find-drift.ts'
import { describeByIds } from './read-addresses.ts'
import type { SurveyFindings } from './survey-requests.ts'
import type { Surveying } from './surveying.ts'

/**
 * Between the two looks that must show the same, in ms: the end of a Pod, after which the cloud unbinds by itself,
 * may be on its way to the log.
 */
const confirmAfterMs = 15_000

/**
 * Tells the log of what a second look confirms, of claims that nothing has happened to meanwhile. What would be
 * more EIPs gone at once than the guard lets go is taken for a cloud that does not answer rightly, and only logged (I8).
 * @param goneConfirmed an operator has looked: however many are gone, it is believed
 * @returns of how many claims the log was told, and how many EIPs were not believed to be gone
 */
export async function confirmDrift(
  suspects: Suspect[],
  outOf: number,
  goneConfirmed: boolean,
  deps: Surveying,
  signal: AbortSignal,
): Promise<Pick<SurveyFindings, 'drifted' | 'unbelieved'>> {
  const { log, cloud, clock, readModels, logger, counts, settings } = deps
  await clock.sleep(confirmAfterMs, signal)
  if (signal.aborted) return { drifted: 0 }
  const again = await describeByIds(
    suspects.map(({ claim }) => claim.address!.id),
    cloud,
  )
  const shown = new Map(again.map((address) => [address.addressId, address]))
  const confirmed: Suspect[] = []
  for (const { claim, drift } of suspects) {
    const now = await readModels.claim(claim.key)
    if (now?.position !== claim.position) continue
    const [still] = findDrift([now], shown, clock.now())
    if (still && isDeepStrictEqual(still.drift, drift)) confirmed.push(still)
  }
  const gone = confirmed.filter(({ drift }) => drift.kind === 'Released')
  const believed =
    !goneConfirmed && isTooMany(gone.length, outOf, settings.guard)
      ? confirmed.filter((s) => !gone.includes(s))
      : confirmed
  if (believed.length < confirmed.length) {
    logger.error(
      { missing: gone.length, claims: outOf },
      `the cloud does not show ${gone.length} of the EIPs that ${outOf} claims have, which is too much to be believed, so nothing is done about them; check in the console that region and account are those of this cluster, and run "eipctl survey --confirm-gone" if these EIPs were released`,
    )
  }
  for (const { claim, drift } of believed) {
    logger.warn(
      { claim: claim.key, eip: claim.address!.id, drift: drift.kind },
      'an EIP was changed by somebody else',
    )
  }
  for (const { drift } of believed) counts.drifted(drift.kind)
  if (believed.length > 0) await log.append(believed.map((suspect) => driftedEvent(suspect, clock)))
  const unbelieved = confirmed.length - believed.length
  return { drifted: believed.length, ...(unbelieved > 0 && { unbelieved }) }
}

function isTooMany(
  gone: number,
  outOf: number,
  { missedCount, missedShare }: Surveying['settings']['guard'],
): boolean {
  return gone > missedCount && gone > missedShare * outOf
}

function driftedEvent({ claim, drift }: Suspect, clock: Surveying['clock']) {
  const { key, generation, address, binding } = claim
  const event = newEvent('AddressDrifted', {
    ...{ claim: key, generation, addressId: address!.id, publicIp: address!.publicIp },
    source: address!.source,
    binding: binding && {
      id: binding.id,
      node: binding.node,
      privateIp: binding.privateIp,
      podUid: binding.podUid,
    },
    drift,
  })
  return toldOfClaim(event, claim, 'drift', clock)
}
