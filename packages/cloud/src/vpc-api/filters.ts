import type { AddressQuery, NetworkInterfaceQuery } from '../eip-cloud.ts'

/** One `Filters` entry of a Describe action. */
export interface Filter {
  Name: string
  Values: string[]
}

/** Most filters that one request may carry. */
const filtersPerRequest = 10

/** Documented for DescribeAddresses. */
const addressFilterValues = 100

/** Not documented for DescribeNetworkInterfaces; 5 is what the VPC API allows where it says so. */
const networkInterfaceFilterValues = 5

/** DescribeAddresses reads only the first value of `private-ip-address`. */
const privateIpFilterValues = 1

interface Criterion {
  name: string
  values: string[] | undefined
  /** Values per request; more are spread over several requests. */
  atOnce: number
}

/** The filter lists of the requests whose answers together answer the query; none when nothing can match. */
export function addressFilters(query: AddressQuery): Filter[][] {
  const tags = Object.groupBy(query.tags ?? [], (tag) => tag.key)
  return requestsFor('DescribeAddresses', [
    { name: 'address-id', values: query.addressIds, atOnce: addressFilterValues },
    { name: 'network-interface-id', values: query.networkInterfaceIds, atOnce: addressFilterValues },
    { name: 'instance-id', values: query.instanceIds, atOnce: addressFilterValues },
    { name: 'private-ip-address', values: query.privateIpAddresses, atOnce: privateIpFilterValues },
    { name: 'address-ip', values: query.addressIps, atOnce: addressFilterValues },
    ...(query.tags?.length === 0 ? [{ name: 'tag', values: [], atOnce: 1 }] : []),
    ...Object.entries(tags).map(([key, same]) => ({
      name: `tag:${key}`,
      values: same?.map((tag) => tag.value),
      atOnce: addressFilterValues,
    })),
  ])
}

/** As {@link addressFilters}, for DescribeNetworkInterfaces. */
export function networkInterfaceFilters(query: NetworkInterfaceQuery): Filter[][] {
  return requestsFor('DescribeNetworkInterfaces', [
    {
      name: 'network-interface-id',
      values: query.networkInterfaceIds,
      atOnce: networkInterfaceFilterValues,
    },
    { name: 'attachment.instance-id', values: query.instanceIds, atOnce: networkInterfaceFilterValues },
    { name: 'address-ip', values: query.privateIpAddresses, atOnce: networkInterfaceFilterValues },
    { name: 'vpc-id', values: query.vpcId === undefined ? undefined : [query.vpcId], atOnce: 1 },
  ]).map((filters) =>
    // A single address would otherwise match every address that ends alike.
    filters.some((filter) => filter.Name === 'address-ip')
      ? [...filters, { Name: 'ip-exact-match', Values: ['true'] }]
      : filters,
  )
}

function requestsFor(action: string, criteria: Criterion[]): Filter[][] {
  const given = criteria.filter((criterion) => criterion.values !== undefined)
  // Without a filter the cloud lists everything there is, which nobody who forgot one has asked for.
  if (given.length === 0) throw new Error(`${action}: the query names nothing to look for`)
  if (given.length > filtersPerRequest) {
    throw new Error(`${action}: the query has ${given.length} filters, the cloud allows ${filtersPerRequest}`)
  }
  return given.reduce<Filter[][]>(
    (requests, { name, values, atOnce }) =>
      requests.flatMap((filters) =>
        chunks([...new Set(values)], atOnce).map((chunk) => [...filters, { Name: name, Values: chunk }]),
      ),
    [[]],
  )
}

function chunks<T>(values: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    values.slice(i * size, (i + 1) * size),
  )
}
