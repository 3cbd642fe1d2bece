import * as z from 'zod'

/** Answers of the VPC API, as far as the port reads them. Fields that it does not read may be anything. */

const requestId = z.string()

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
  AddressSet: z.array(z.string().min(1)),
})

const textOrNull = z
  .string()
  .nullish()
  .transform((value) => (value ? value : null))

export const address = z.object({
  AddressId: z.string().min(1),
  AddressName: z.string().nullish(),
  AddressStatus: z.enum(['CREATING', 'UNBIND', 'BINDING', 'BIND', 'BIND_ENI', 'UNBINDING', 'OFFLINING']),
  AddressIp: z.string().nullish(),
  InstanceId: textOrNull,
  NetworkInterfaceId: textOrNull,
  PrivateAddressIp: textOrNull,
  IsArrears: z.boolean().nullish(),
  IsBlocked: z.boolean().nullish(),
  AddressType: z.string().nullish(),
  InternetServiceProvider: z.string().nullish(),
  Bandwidth: z.number().nullish(),
  InternetChargeType: textOrNull,
  CreatedTime: z.string(),
  TagSet: z.array(z.object({ Key: z.string(), Value: z.string() })).nullish(),
})

export const addressPage = z.object({ TotalCount: z.int().nonnegative(), AddressSet: z.array(address) })

export const taskResult = z.object({ Result: z.enum(['SUCCESS', 'FAILED', 'RUNNING']) })

export const addressQuota = z.object({
  QuotaSet: z.array(z.object({ QuotaId: z.string(), QuotaCurrent: z.number(), QuotaLimit: z.number() })),
})

export const networkInterface = z.object({
  NetworkInterfaceId: z.string().min(1),
  VpcId: z.string(),
  SubnetId: z.string(),
  Primary: z.boolean(),
  Attachment: z.object({ InstanceId: textOrNull }).nullish(),
  PrivateIpAddressSet: z
    .array(
      z.object({
        PrivateIpAddress: z.string(),
        Primary: z.boolean(),
        PublicIpAddress: textOrNull,
        AddressId: textOrNull,
        State: z.string().nullish(),
      }),
    )
    .nullish(),
})

export const networkInterfacePage = z.object({
  TotalCount: z.int().nonnegative(),
  NetworkInterfaceSet: z.array(networkInterface),
})

export const routeTable = z.object({
  RouteTableId: z.string().min(1),
  VpcId: z.string(),
  AssociationSet: z.array(z.object({ SubnetId: textOrNull })).nullish(),
  RouteSet: z
    .array(
      z.object({
        // Empty for a route of IPv6.
        DestinationCidrBlock: textOrNull,
        GatewayType: z.string(),
        GatewayId: textOrNull,
        Enabled: z.boolean().nullish(),
      }),
    )
    .nullish(),
})

export const routeTablePage = z.object({
  TotalCount: z.int().nonnegative(),
  RouteTableSet: z.array(routeTable),
})
