import type { IntentHandling } from '@pod-eip/cloud-calls'
import type { Claim } from '@pod-eip/domain'
import type { EventLog } from '@pod-eip/event-log'
import type { ReadModels } from '@pod-eip/read-models'
import type { Logger } from '@pod-eip/runtime'
import { egressForgotten, egressNews } from './egress-news.ts'
import { createInterfaceSubnets } from './interface-subnets.ts'
import { createVpcRoutes } from './vpc-routes.ts'

export interface WatchingEgress extends Pick<IntentHandling, 'cloud' | 'clock'> {
  readModels: Pick<ReadModels, 'claims' | 'claimsChangedAfter'>
  log: Pick<EventLog, 'append'>
  /** Whether anybody is to look where the traffic of Pods goes. */
  egress: boolean
  logger: Logger
}

/** Between two looks at which claims there are, ms. */
const lookEveryMs = 10_000
const pageSize = 1_000
/** Events appended at once. */
const atOnce = 500

/**
 * Keeps the log told of NAT gateways that come before the EIPs of Pods, until the signal aborts; where nobody wants to
 * know any more, of that. Several workers may do it at once: the log takes each finding once. What goes wrong is tried
 * again, and harms nothing else.
 */
export async function watchEgress(deps: WatchingEgress, signal: AbortSignal): Promise<void> {
  if (!deps.egress) return forgetEgress(deps, signal)
  const { readModels, log, clock, logger } = deps
  const bound = new Map<string, Claim>()
  const subnets = createInterfaceSubnets(deps)
  const routes = createVpcRoutes(deps)
  let position = 0
  let told = ''

  async function followClaims(): Promise<void> {
    for (;;) {
      const changed = await readModels.claimsChangedAfter(position, pageSize)
      for (const claim of changed) {
        if (claim.phase === 'Bound' && claim.binding?.networkInterfaceId) bound.set(claim.key, claim)
        else bound.delete(claim.key)
      }
      position = changed.at(-1)?.position ?? position
      if (changed.length < pageSize) return
    }
  }

  async function look(): Promise<void> {
    await followClaims()
    const claims = [...bound.values()]
    const places = await subnets.of(claims.map((claim) => claim.binding!.networkInterfaceId))
    await routes.read(places.values())
    const news = claims.flatMap((claim) => {
      const place = places.get(claim.binding!.networkInterfaceId)
      const egress = place && routes.of(place)
      return egress ? (egressNews(claim, egress, clock) ?? []) : []
    })
    for (let first = 0; first < news.length; first += atOnce)
      await log.append(news.slice(first, first + atOnce))
  }

  while (!signal.aborted) {
    try {
      await look()
      told = ''
    } catch (error) {
      const { message } = error as Error
      // While the same goes on going wrong, once is enough.
      logger[message === told ? 'debug' : 'warn'](
        { err: error },
        'where the traffic of Pods goes could not be looked at; tried again',
      )
      told = message
    }
    await clock.sleep(lookEveryMs, signal)
  }
}

/** What earlier workers have told of it is not looked after any more. */
async function forgetEgress(
  { readModels, log, clock, logger }: WatchingEgress,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const known = (await readModels.claims({ open: true })).filter(({ egress }) => egress)
      for (let first = 0; first < known.length; first += atOnce) {
        await log.append(known.slice(first, first + atOnce).map((claim) => egressForgotten(claim, clock)))
      }
      return
    } catch (error) {
      logger.warn({ err: error }, 'what is known of the traffic of Pods could not be let go of; tried again')
      await clock.sleep(lookEveryMs, signal)
    }
  }
}
