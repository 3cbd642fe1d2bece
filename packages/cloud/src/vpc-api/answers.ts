import { presentable, presentableId } from '@pod-eip/runtime'
import * as z from 'zod'

/** Answers of the VPC API, as far as the port reads them. Fields that it does not read may be anything. */

const requestId = z.string().transform(presentableId)

/** An id goes into the log, into requests and onto terminals: what has another form is none. */
const idPattern = /^[\w-]{1,100}$/
const id = z.string().regex(idPattern)
const idOrNull = textOf(id)
const ip = z.string().regex(/^[\d.]{7,15}$|^[\da-fA-F:.]{2,45}$/)
const ipOrNull = textOf(ip)

/** Empty text and none at all are the same. */
function textOf(text: z.ZodType<string>) {
  return z
    .union([z.literal('').transform(() => null), text])
    .nullish()
    .transform((value) => value ?? null)
}

/** Entries of one answer, or parts of one entry, at most: pages have 100, and nothing has so many parts. */
const mostEntries = 1_000

/** The length is looked at first: of a list of millions each wrong entry would be told. */
function listOf<T extends z.ZodType>(entry: T) {
  const bounded = z.custom<unknown[]>(
    (value) => Array.isArray(value) && value.length <= mostEntries,
    `it is no list of at most ${mostEntries} entries`,
  )
  return bounded.pipe(z.array(entry))
}

/** Documented as a string of digits, and as absent or null when no task was started. */
const taskId = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value, context) => {
    if (value === null || value === undefined || value === '') return undefined
    const number = Number(value)
    if (Number.isSafeInteger(number)) return number
    context.addIssue({ code: 'custom', message: 'TaskId is not an integer' })
    return z.NEVER
  })

/** Answer of Associate, Disassociate and Release. */
export const changed = z.object({ RequestId: requestId, TaskId: taskId })

export const allocated = z.object({
  RequestId: requestId,
  TaskId: taskId,
  AddressSet: listOf(id),
})

export const address = z.object({
  AddressId: id,
  AddressName: z.string().nullish(),
  AddressStatus: z.enum(['CREATING', 'UNBIND', 'BINDING', 'BIND', 'BIND_ENI', 'UNBINDING', 'OFFLINING']),
  AddressIp: ipOrNull,
  InstanceId: idOrNull,
  NetworkInterfaceId: idOrNull,
  PrivateAddressIp: ipOrNull,
  IsArrears: z.boolean().nullish(),
  IsBlocked: z.boolean().nullish(),
  AddressType: z.string().nullish(),
  InternetServiceProvider: z.string().nullish(),
  Bandwidth: z.number().nullish(),
  InternetChargeType: z.string().nullish(),
  CreatedTime: z.string(),
  TagSet: listOf(z.object({ Key: z.string(), Value: z.string() })).nullish(),
})

export const addressPage = z.object({ TotalCount: z.int().nonnegative(), AddressSet: listOf(address) })

export const taskResult = z.object({ Result: z.enum(['SUCCESS', 'FAILED', 'RUNNING']) })

export const addressQuota = z.object({
  QuotaSet: listOf(z.object({ QuotaId: id, QuotaCurrent: z.number(), QuotaLimit: z.number() })),
})

export const networkInterface = z.object({
  NetworkInterfaceId: id,
  VpcId: id,
  SubnetId: id,
  Primary: z.boolean(),
  Attachment: z.object({ InstanceId: idOrNull }).nullish(),
  PrivateIpAddressSet: listOf(
    z.object({
      PrivateIpAddress: ip,
      Primary: z.boolean(),
      PublicIpAddress: ipOrNull,
      AddressId: idOrNull,
      State: z.string().nullish(),
    }),
  ).nullish(),
})

export const networkInterfacePage = z.object({
  TotalCount: z.int().nonnegative(),
  NetworkInterfaceSet: listOf(networkInterface),
})

export const routeTable = z.object({
  RouteTableId: id,
  VpcId: id,
  AssociationSet: listOf(z.object({ SubnetId: idOrNull })).nullish(),
  RouteSet: listOf(
    z.object({
      // Empty for a route of IPv6.
      DestinationCidrBlock: z
        .string()
        .nullish()
        .transform((value) => (value ? value : null)),
      GatewayType: z.string(),
      GatewayId: z
        .string()
        .transform((words) => presentable(words))
        .nullish(),
      Enabled: z.boolean().nullish(),
    }),
  ).nullish(),
})

export const routeTablePage = z.object({
  TotalCount: z.int().nonnegative(),
  RouteTableSet: listOf(routeTable),
})
