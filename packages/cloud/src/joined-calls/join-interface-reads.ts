import type { Clock } from '@pod-eip/runtime'
import type { EipCloud, NetworkInterface, NetworkInterfaceQuery } from '../eip-cloud.ts'
import { createCallJoiner, spacingOfReads } from './call-joiner.ts'
import { sendOrHalve } from './send-or-halve.ts'

/** CVMs, or private addresses, looked up together. */
const most = 100
/** How long a network interface that was seen may be taken to be there still, in ms. */
const rememberMs = 600_000

export interface JoinedInterfaceReads {
  read: EipCloud['describeNetworkInterfaces']
  /** Whoever asks next about this interface is not told what was seen before. */
  forget(networkInterfaceId: string): void
}

/**
 * DescribeNetworkInterfaces for all who ask at about the same time for one private address, on a CVM or
 * anywhere. A CVM is looked up whole, since the next Pod on it asks for another of its addresses; who says
 * `mayBeRemembered` may be answered from that. That an address is not there is never remembered.
 */
export function joinInterfaceReads(
  cloud: Pick<EipCloud, 'describeNetworkInterfaces'>,
  clock: Clock,
): JoinedInterfaceReads {
  const remembered = new Map<string, { at: number; interfaces: NetworkInterface[] }>()

  const byInstance = joined((instanceIds) => ({ instanceIds }), onInstance)
  const byAddress = joined((privateIpAddresses) => ({ privateIpAddresses }), withAddress)

  function joined(
    queryFor: (values: string[]) => NetworkInterfaceQuery,
    matching: (found: NetworkInterface[], value: string) => NetworkInterface[],
  ): (value: string) => Promise<NetworkInterface[]> {
    return createCallJoiner({
      clock,
      most,
      weigh: () => 1,
      gatherMs: 0,
      spacing: spacingOfReads,
      send: (members) =>
        sendOrHalve(members, async (together) => {
          const found = await cloud.describeNetworkInterfaces(
            queryFor([...new Set(together.map((member) => member.asked))]),
          )
          for (const { asked, resolve } of together) resolve(matching(found, asked))
        }),
    })
  }

  async function look(instanceId: string): Promise<NetworkInterface[]> {
    const at = clock.now()
    const interfaces = await byInstance(instanceId)
    remembered.set(instanceId, { at, interfaces })
    return interfaces
  }

  function recall(instanceId: string): NetworkInterface[] {
    for (const [id, { at }] of remembered) if (clock.now() - at >= rememberMs) remembered.delete(id)
    return remembered.get(instanceId)?.interfaces ?? []
  }

  return {
    async read(query, options = {}) {
      const { mayBeRemembered = false, ...rest } = options
      const asked = oneAddress(query)
      if (!asked || Object.keys(rest).length > 0) return cloud.describeNetworkInterfaces(query, options)
      const { instanceId, ip } = asked
      if (instanceId === null) return byAddress(ip)
      const known = mayBeRemembered ? withAddress(recall(instanceId), ip) : []
      return known.length > 0 ? known : withAddress(await look(instanceId), ip)
    },
    forget(networkInterfaceId) {
      for (const [id, { interfaces }] of remembered) {
        if (interfaces.some((eni) => eni.networkInterfaceId === networkInterfaceId)) remembered.delete(id)
      }
    },
  }
}

function onInstance(interfaces: NetworkInterface[], instanceId: string): NetworkInterface[] {
  return interfaces.filter((eni) => eni.instanceId === instanceId)
}

function withAddress(interfaces: NetworkInterface[], ip: string): NetworkInterface[] {
  return interfaces.filter((eni) => eni.privateIpAddresses.some((a) => a.privateIpAddress === ip))
}

function oneAddress(query: NetworkInterfaceQuery): { instanceId: string | null; ip: string } | null {
  const { privateIpAddresses = [], instanceIds, ...rest } = query
  const [ip] = privateIpAddresses
  if (ip === undefined || privateIpAddresses.length > 1 || Object.keys(rest).length > 0) return null
  if (instanceIds === undefined) return { instanceId: null, ip }
  return instanceIds.length === 1 ? { instanceId: instanceIds[0]!, ip } : null
}
