import { z } from 'zod'
import { wrongLetters } from './letters.ts'
import { maxAnnotationLength } from './pod-request.ts'
import { quote } from './quote.ts'

/** The AllocateAddresses fields that a claim decides; names are the API's, in camel case. */
export interface EipAttributes {
  internetServiceProvider: string
  internetChargeType: InternetChargeType
  /** Mbit/s. */
  internetMaxBandwidthOut: number
  addressType?: string
  anycastZone?: string
  bandwidthPackageId?: string
  antiDDoSPackageId?: string
  egress?: string
  addressName?: string
  tags?: { key: string; value: string }[]
}

/** The greatest bandwidth in Mbit/s that AllocateAddresses takes for each charge type. */
export const maxBandwidth = {
  BANDWIDTH_PACKAGE: 2000,
  BANDWIDTH_POSTPAID_BY_HOUR: 100,
  TRAFFIC_POSTPAID_BY_HOUR: 100,
} as const

/** Bought for months ahead: it cannot be given back with its Pod, and the API wants a term to be named. */
export const prepaid = 'BANDWIDTH_PREPAID_BY_MONTH'

export type InternetChargeType = keyof typeof maxBandwidth

/** What a Pod gets that says nothing: 100 Mbit/s of BGP, paid after use by traffic. */
export const defaultAttributes: EipAttributes = {
  internetServiceProvider: 'BGP',
  internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
  internetMaxBandwidthOut: 100,
}

/** What the legacy `ISP` may be. */
export const providers = ['BGP', 'CMCC', 'CTCC', 'CUCC'] as const

const text = z.string().min(1).max(128)

/** Beginnings of tag keys that Tencent Cloud keeps for itself, in whatever case. */
export const reservedPrefixes = ['qcs:', 'project']

/** As Tencent Cloud limits them: 50 to a resource, of which three are ours. */
const tags = z
  .array(
    z.object({
      Key: z
        .string()
        .min(1)
        .max(127)
        .refine(
          (key) => !reservedPrefixes.some((prefix) => key.toLowerCase().startsWith(prefix)),
          'Tencent Cloud keeps that key for itself; choose another one',
        ),
      Value: z.string().max(255),
    }),
  )
  .max(47)
  .refine(
    (list) => new Set(list.map((tag) => tag.Key)).size === list.length,
    'a key stands there twice; leave one of them out',
  )

const schema = z.object({
  Bandwidth: z.union([z.string(), z.number()]).optional(),
  ISP: z.string().optional(),
  InternetMaxBandwidthOut: z.union([z.string(), z.number()]).optional(),
  InternetServiceProvider: text.optional(),
  InternetChargeType: z
    .enum(Object.keys(maxBandwidth) as [InternetChargeType, ...InternetChargeType[]])
    .optional(),
  AddressType: z.enum(['EIP', 'AnycastEIP', 'HighQualityEIP', 'AntiDDoSEIP', 'ResidentialEIP']).optional(),
  AnycastZone: z.enum(['ANYCAST_ZONE_GLOBAL', 'ANYCAST_ZONE_OVERSEAS']).optional(),
  BandwidthPackageId: text.optional(),
  AntiDDoSPackageId: text.optional(),
  Egress: text.optional(),
  AddressName: z.string().max(128).regex(/^\S+$/, 'has a space; leave it out').optional(),
  Tags: tags.optional(),
})
type Given = z.infer<typeof schema>

/** Types, values and lengths of the fields as a JSON schema, for who checks them without this code. */
export function attributesJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema)
}

/** The fields of `eip-attributes` that count. */
export const attributeFields: readonly string[] = Object.keys(schema.shape)

/** Either what was understood, or the one sentence that says what is wrong and how to mend it. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; message: string }

/**
 * Reads `eip-attributes`: the legacy form `{"Bandwidth":"100","ISP":"BGP"}`, AllocateAddresses field
 * names, or both in one JSON (the API's names win). Empty text and `{}` mean the defaults. Unknown
 * fields are ignored, as TKE ignores them; see unknown-fields.ts.
 */
export function parseEipAttributes(annotation: string): Parsed<EipAttributes> {
  if (annotation.length > maxAnnotationLength) {
    return refused(`is longer than ${maxAnnotationLength} characters; shorten it`)
  }
  if (annotation.trim() === '') return { ok: true, value: defaultAttributes }
  let json: unknown
  try {
    json = JSON.parse(annotation)
  } catch {
    return refused(`is not JSON: ${quote(annotation)}; write it like {"Bandwidth":"100","ISP":"BGP"}`)
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refused(
      `is not a JSON object: ${quote(annotation)}; write it like {"Bandwidth":"100","ISP":"BGP"}`,
    )
  }
  if ((json as Record<string, unknown>).InternetChargeType === prepaid) {
    return refused(
      `has a wrong InternetChargeType (${quote(prepaid)}): an EIP paid for months ahead cannot come and go with a Pod; use ${Object.keys(maxBandwidth).join(', ')}`,
    )
  }
  const parsed = safeParse(withoutEmpty(json))
  if (parsed === null) return refused(`is not made of texts and numbers: ${quote(annotation)}; ${example}`)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const field = issue.path.join('.') || 'the object'
    return refused(`has a wrong ${field} (${quote(valueAt(json, issue.path))}): ${remedy(issue)}`)
  }
  const given = parsed.data
  const contradiction = contradictionIn(given)
  if (contradiction) return refused(contradiction)
  const chargeType = given.InternetChargeType ?? impliedChargeType(given)
  const bandwidthField = given.InternetMaxBandwidthOut !== undefined ? 'InternetMaxBandwidthOut' : 'Bandwidth'
  const bandwidth = readBandwidth(given[bandwidthField], bandwidthField, chargeType)
  if (!bandwidth.ok) return bandwidth
  const provider = readProvider(given.InternetServiceProvider, given.ISP)
  if (!provider.ok) return provider
  const letters = wrongLetters(given)
  if (letters !== null) return refused(letters)
  return {
    ok: true,
    value: {
      internetServiceProvider: provider.value,
      internetChargeType: chargeType,
      internetMaxBandwidthOut: bandwidth.value,
      ...(given.AddressType && { addressType: given.AddressType }),
      ...(given.AnycastZone && { anycastZone: given.AnycastZone }),
      ...(given.BandwidthPackageId && { bandwidthPackageId: given.BandwidthPackageId }),
      ...(given.AntiDDoSPackageId && { antiDDoSPackageId: given.AntiDDoSPackageId }),
      ...(given.Egress && { egress: given.Egress }),
      ...(given.AddressName && { addressName: given.AddressName }),
      ...(given.Tags && { tags: given.Tags.map((t) => ({ key: t.Key, value: t.Value })) }),
    },
  }
}

const example = 'write it like {"Bandwidth":"100","ISP":"BGP"}'

/**
 * `null` for what stops the schema itself: it compares whatever has a `length`, and an object in its place may be one
 * that cannot be compared. Whoever may annotate a Pod could stop everybody's claims with that.
 */
function safeParse(json: object) {
  try {
    return schema.safeParse(json)
  } catch {
    return null
  }
}

/** What is wrong with a field and what to write, in words of ours for every kind of issue that the schema brings. */
function remedy(issue: z.core.$ZodIssue): string {
  const name = issue.path.at(-1)
  switch (issue.code) {
    case 'invalid_type':
    case 'invalid_union':
      return issue.path[0] === 'Tags'
        ? 'write it like [{"Key":"team","Value":"games"}]'
        : 'write it as text, such as "Bandwidth":"100"'
    case 'too_big':
      return `${String(name)} may have at most ${issue.maximum} ${issue.origin === 'array' ? 'entries' : 'characters'}`
    case 'too_small':
      return `${String(name)} may not be empty`
    case 'invalid_value':
      return `use one of ${issue.values.join(', ')}`
    default:
      // The schema's own checks say it themselves.
      return issue.message
  }
}

/** As in the API's own SDKs, a field that is null or empty is one that is not there. */
export function withoutEmpty(json: object): object {
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null && value !== ''))
}

/** Who names a package wants to be billed by it. */
function impliedChargeType({ BandwidthPackageId }: Given): InternetChargeType {
  return BandwidthPackageId ? 'BANDWIDTH_PACKAGE' : defaultAttributes.internetChargeType
}

/** What the API refuses or passes over in silence, said before it is asked; `null` when the fields go together. */
function contradictionIn(given: Given): string | null {
  const { InternetChargeType: charge, BandwidthPackageId, AddressType: type = 'EIP' } = given
  if (charge === 'BANDWIDTH_PACKAGE' && !BandwidthPackageId) {
    return 'has InternetChargeType BANDWIDTH_PACKAGE without BandwidthPackageId; name the package, such as "bwp-0a1b2c3d"'
  }
  if (charge && charge !== 'BANDWIDTH_PACKAGE' && BandwidthPackageId) {
    return `has BandwidthPackageId with InternetChargeType ${charge}; use BANDWIDTH_PACKAGE or leave the package out`
  }
  if (type === 'AntiDDoSEIP' && !given.AntiDDoSPackageId) {
    return 'has AddressType AntiDDoSEIP without AntiDDoSPackageId; name the package that protects it'
  }
  if (type !== 'AntiDDoSEIP' && given.AntiDDoSPackageId) {
    return `has AntiDDoSPackageId with AddressType ${type}; use AntiDDoSEIP or leave the package out`
  }
  if (type !== 'AnycastEIP' && given.AnycastZone) {
    return `has AnycastZone with AddressType ${type}; use AnycastEIP or leave the zone out`
  }
  return null
}

function readBandwidth(
  given: string | number | undefined,
  field: string,
  chargeType: InternetChargeType,
): Parsed<number> {
  if (given === undefined) return { ok: true, value: defaultAttributes.internetMaxBandwidthOut }
  const mbps = typeof given === 'number' ? given : /^\d+$/.test(given.trim()) ? Number(given) : Number.NaN
  const max = maxBandwidth[chargeType]
  if (!Number.isInteger(mbps) || mbps < 1 || mbps > max) {
    return refused(
      `has a wrong ${field} (${quote(given)}): give whole Mbps from 1 to ${max} for ${chargeType}`,
    )
  }
  return { ok: true, value: mbps }
}

/** The legacy ISP must be one of the four documented ones; the API's own field is left to the API. */
function readProvider(api: string | undefined, legacy: string | undefined): Parsed<string> {
  if (api) return { ok: true, value: api }
  if (!legacy) return { ok: true, value: defaultAttributes.internetServiceProvider }
  if (!(providers as readonly string[]).includes(legacy)) {
    return refused(`has a wrong ISP (${quote(legacy)}): use one of ${providers.join(', ')}`)
  }
  return { ok: true, value: legacy }
}

function refused(rest: string): { ok: false; message: string } {
  return { ok: false, message: `annotation eip-attributes ${rest}.` }
}

function valueAt(json: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value && typeof value === 'object' ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    json,
  )
}
