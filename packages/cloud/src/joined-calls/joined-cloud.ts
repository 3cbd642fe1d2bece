import type { Clock } from '@pod-eip/runtime'
import type { EipCloud } from '../eip-cloud.ts'
import { joinAddressReads } from './join-address-reads.ts'
import { joinInterfaceReads } from './join-interface-reads.ts'
import { joinReleases } from './join-releases.ts'

/**
 * The same cloud in fewer calls: what is asked at about the same time goes out as one. Put it in front of the
 * rate limit, so that what waits there is joined. Every promise of the port holds as before; each caller gets the
 * answer to its own question, and no answer is older than the question, unless it `mayBeRemembered`.
 *
 * Joined are DescribeAddresses by id and by the values of one tag, DescribeNetworkInterfaces by private address,
 * and ReleaseAddresses. Calls with a signal of their own, and all others, go their own way.
 */
export function joinedCloud(cloud: EipCloud, { clock }: { clock: Clock }): EipCloud {
  const interfaces = joinInterfaceReads(cloud, clock)
  return {
    ...cloud,
    describeAddresses: joinAddressReads(cloud, clock),
    describeNetworkInterfaces: interfaces.read,
    releaseAddresses: joinReleases(cloud, clock),
    async associateAddress(request, options) {
      try {
        return await cloud.associateAddress(request, options)
      } catch (error) {
        // It may be refused because the interface is not what was remembered.
        interfaces.forget(request.networkInterfaceId)
        throw error
      }
    },
  }
}
