import type { Clock } from '@pod-eip/runtime'
import type { AddressQuery, CloudAddress, EipCloud } from '../eip-cloud.ts'
import { createCallJoiner, spacingOfReads } from './call-joiner.ts'
import { sendOrHalve } from './send-or-halve.ts'

/** Most ids, or values of a tag, that DescribeAddresses takes at once, and most addresses that it returns. */
const most = 100

type ReadAddresses = EipCloud['describeAddresses']

/**
 * DescribeAddresses for all who ask at about the same time: by id, or by the values of one tag. Other queries
 * go their own way.
 */
export function joinAddressReads(cloud: Pick<EipCloud, 'describeAddresses'>, clock: Clock): ReadAddresses {
  const byId = joined(
    (addressIds) => ({ addressIds }),
    (address) => [address.addressId],
  )
  const byTag = new Map<string, ReturnType<typeof joined>>()

  /** Asks for many values at once; each who asked is told of the addresses that have one of its own. */
  function joined(
    queryFor: (values: string[]) => AddressQuery,
    valuesOf: (address: CloudAddress) => string[],
  ): (values: string[]) => Promise<CloudAddress[]> {
    return createCallJoiner({
      clock,
      most,
      weigh: (values) => values.length,
      gatherMs: 0,
      spacing: spacingOfReads,
      send: (members) =>
        sendOrHalve(members, async (together) => {
          const wanted = [...new Set(together.flatMap((member) => member.asked))]
          const found = await cloud.describeAddresses(queryFor(wanted))
          for (const { asked, resolve } of together) {
            resolve(found.filter((address) => valuesOf(address).some((value) => asked.includes(value))))
          }
        }),
    })
  }

  function joinedByTag(key: string) {
    const known = byTag.get(key)
    if (known) return known
    const made = joined(
      (values) => ({ tags: values.map((value) => ({ key, value })) }),
      (address) => address.tags.flatMap((tag) => (tag.key === key ? [tag.value] : [])),
    )
    byTag.set(key, made)
    return made
  }

  return (query, options) => {
    const ids = onlyIds(query)
    const tag = onlyTag(query)
    if (options === undefined && ids) return byId(ids)
    if (options === undefined && tag) return joinedByTag(tag.key)(tag.values)
    return cloud.describeAddresses(query, options)
  }
}

function onlyIds({ addressIds, ...rest }: AddressQuery): string[] | null {
  return addressIds && fits(addressIds) && Object.keys(rest).length === 0 ? addressIds : null
}

function onlyTag({ tags, ...rest }: AddressQuery): { key: string; values: string[] } | null {
  const keys = new Set(tags?.map((tag) => tag.key))
  if (!tags || !fits(tags) || keys.size !== 1 || Object.keys(rest).length > 0) return null
  return { key: [...keys][0]!, values: tags.map((tag) => tag.value) }
}

function fits(values: unknown[]): boolean {
  return values.length > 0 && values.length <= most
}
