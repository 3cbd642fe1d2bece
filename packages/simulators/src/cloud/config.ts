import * as z from 'zod'

/** From and to, in milliseconds; drawn anew for each task. */
const range = z.tuple([z.number().nonnegative(), z.number().nonnegative()])

const perSecond = z.number().positive()

/** How the simulated cloud behaves. Every field has a default; the quotas and rate limits are the real ones. */
export const cloudConfigSchema = z.strictObject({
  /** Who may call: one entry for each key, several of one account are its users. A `token` is asked for only where one is given. */
  accounts: z
    .array(
      z.strictObject({
        uin: z.string().regex(/^\d+$/),
        secretId: z.string().min(1),
        secretKey: z.string().min(1),
        token: z.string().min(1).optional(),
        /** What CAM does not allow this key, as a sub-user's: `AllocateAddresses`, `cvm:*`, `*`. */
        deniedActions: z.array(z.string()).default([]),
      }),
    )
    .min(1)
    .prefault([{ uin: '100000000001', secretId: 'AKIDsimulated', secretKey: 'simulated' }]),
  /** Regions that exist. */
  regions: z.array(z.string().min(1)).min(1).default(['ap-guangzhou', 'ap-shanghai', 'ap-singapore']),
  quotas: z
    .strictObject({
      /** EIPs per account and region at a time. */
      total: z.int().nonnegative().default(20),
      /** EIPs that may be applied for per account, region and day. */
      daily: z.int().nonnegative().default(40),
    })
    .prefault({}),
  /** How long the asynchronous work takes. */
  durations: z
    .strictObject({
      create: range.default([300, 800]),
      bind: range.default([500, 1500]),
      unbind: range.default([500, 1500]),
      /** After an unbinding the EIP shows UNBIND, but every change is refused for so long. */
      settle: range.default([0, 500]),
      release: range.default([300, 800]),
      modify: range.default([100, 300]),
    })
    .prefault({}),
  /** How long a ClientToken is remembered. */
  clientTokenMs: z.number().nonnegative().default(3_600_000),
  /** How old the state is that Describe actions show. */
  staleReadMs: z.number().nonnegative().default(0),
  /** The most that `staleReadMs` or a stale-read fault can go back. */
  historyMs: z.number().nonnegative().default(60_000),
  /** How long a finished task is remembered. */
  taskMs: z.number().nonnegative().default(3_600_000),
  /** What an EIP on a network interface shows when it is bound; real clouds show either. */
  boundToInterface: z.enum(['BIND_ENI', 'BIND']).default('BIND_ENI'),
  /** Calls per second, per action, account and region. */
  rateLimits: z
    .strictObject({
      AllocateAddresses: perSecond.default(10),
      AssociateAddress: perSecond.default(10),
      DisassociateAddress: perSecond.default(10),
      ReleaseAddresses: perSecond.default(10),
      ModifyAddressesBandwidth: perSecond.default(20),
      ModifyAddressAttribute: perSecond.default(10),
      DescribeAddresses: perSecond.default(20),
      DescribeTaskResult: perSecond.default(20),
      DescribeAddressQuota: perSecond.default(10),
      DescribeNetworkInterfaces: perSecond.default(100),
      DescribeRouteTables: perSecond.default(100),
    })
    .prefault({}),
  /** Price of an unbound EIP per hour, in yuan. */
  hourlyFee: z.number().nonnegative().default(0.2),
  /** The day of the daily quota begins at midnight of this offset from UTC: Beijing. */
  dayOffsetMinutes: z.int().default(480),
  /** Ledger entries and closed bills that are kept; the oldest go first. */
  ledgerSize: z.int().positive().default(50_000),
})

export type CloudConfig = z.output<typeof cloudConfigSchema>
export type CloudConfigInput = z.input<typeof cloudConfigSchema>

/** What may be changed while the simulator runs: everything but who and where. */
export const cloudConfigPatchSchema = z.strictObject({
  quotas: z.strictObject({ total: z.int().nonnegative(), daily: z.int().nonnegative() }).partial().optional(),
  durations: z
    .strictObject({ create: range, bind: range, unbind: range, settle: range, release: range, modify: range })
    .partial()
    .optional(),
  rateLimits: z.partialRecord(z.string(), perSecond).optional(),
  clientTokenMs: z.number().nonnegative().optional(),
  staleReadMs: z.number().nonnegative().optional(),
  boundToInterface: z.enum(['BIND_ENI', 'BIND']).optional(),
})

export type CloudConfigPatch = z.input<typeof cloudConfigPatchSchema>

/** The configuration with the patch applied and validated. */
export function patchConfig(config: CloudConfig, patch: CloudConfigPatch): CloudConfig {
  const { quotas, durations, rateLimits, ...rest } = cloudConfigPatchSchema.parse(patch)
  return cloudConfigSchema.parse({
    ...config,
    ...rest,
    quotas: { ...config.quotas, ...quotas },
    durations: { ...config.durations, ...durations },
    rateLimits: { ...config.rateLimits, ...rateLimits },
  })
}
